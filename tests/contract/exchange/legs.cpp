// A run that is interrupted and taken up: in legs, of which each begins with the bytes that the one before
// has left, it is the run that it would have been in one go, where timing decides nothing; and where it does,
// every step of it is there once, in an order that a run in one go can have.
#include <algorithm>
#include <functional>
#include <tuple>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using exchange::Arrival;
using scenario::Config;
using scenario::Method;
using support::ExchangeRun;
using support::Job;

Job interrupted_job(double first_is_slow = 1) {
    return {.steps = 7,
            .start = {3, -1, 4, -1, 5, -9},
            .gradient = support::pulling_gradient,
            .step_flops = 1e7,
            .first_is_slow = first_is_slow,
            .steps_per_epoch = 3,
            .columns = 3,
            .rate_decay = 0.5F};
}

using Change = std::function<void(Config& config)>;

/// Configurations that so many ranks can run.
class Interrupted {
  public:
    explicit Interrupted(const Communicator& communicator) : ranks_(communicator.size()) {}

    void add(
        const char* method, std::size_t servers, const Change& change = [](Config&) {}) {
        if (ranks_ <= servers) return;
        Config config;
        config.method = Method(method);
        config.server = servers == 0 ? exchange::Server::none : exchange::Server::dedicated;
        config.servers = servers;
        config.workers = ranks_ - servers;
        config.period.steps = 2;
        config.momentum = 0.5;
        config.top_k = 0.4;
        change(config);
        all_.push_back(config);
    }
    const std::vector<Config>& all() const { return all_; }

  private:
    std::size_t ranks_;
    std::vector<Config> all_;
};

Change optimiser(const char* name) {
    return [=](Config& config) { config.optimiser = scenario::OptimiserRule(name); };
}

Change compression(const char* name) {
    return [=](Config& config) { config.compression = scenario::Compression(name); };
}

/// All that timing has no say in, with every kind of memory.
std::vector<Config> deterministic(const Communicator& communicator) {
    Interrupted runs(communicator);
    if (communicator.size() == 1) runs.add("serial", 0, optimiser("momentum"));
    for (const char* name : {"sgd", "momentum", "nesterov"}) {
        runs.add("allreduce", 0, optimiser(name));
        runs.add("sync-average", 0, optimiser(name));
        runs.add("local-sgd", 0, optimiser(name));
        runs.add("gossip", 0, optimiser(name));
        runs.add("easgd", 0, optimiser(name));
        runs.add("diloco", 0,
                 [=](Config& config) { config.outer_optimiser = scenario::OptimiserRule(name); });
    }
    for (const char* name : {"top-k", "qsgd", "sign", "power-sgd", "bf16"})
        runs.add("allreduce", 0, compression(name));
    runs.add("allreduce", 0, [](Config& config) {
        config.buckets = 2;
        config.collective = scenario::Collective("ring");
    });
    runs.add("gossip", 0,
             [](Config& config) { config.gossip_order = exchange::GossipOrder::adapt_then_combine; });
    runs.add("post-local-sgd", 0);
    runs.add("slowmo", 0);
    runs.add("hierarchical", 0, [](Config& config) { config.groups = config.workers % 2 == 0 ? 2 : 1; });
    for (const char* rule : {"delta", "mix", "replace"})
        for (const std::size_t servers : {0U, 1U})
            runs.add("in-turn", servers, [=](Config& config) { config.update = scenario::UpdateRule(rule); });
    for (const std::size_t servers : {1U, 2U})
        runs.add("bounded-staleness", servers, [](Config& config) { config.staleness_bound = 0; });
    runs.add("bounded-staleness", 1, [](Config& config) {
        config.staleness_bound = 0;
        config.compression = scenario::Compression("top-k");
        config.optimiser = scenario::OptimiserRule("momentum");
    });
    return runs.all();
}

/// Those whose order of arrival is one that a run without interruption can have: others complete a group, or
/// answer all that has been asked, before they are interrupted.
std::vector<Config> timed(const Communicator& communicator) {
    Interrupted runs(communicator);
    for (const std::size_t servers : {1U, 2U}) {
        runs.add("by-arrival", servers);
        runs.add("bounded-staleness", servers, [](Config& config) { config.staleness_bound = 1; });
        runs.add("dc-asgd", servers);
        runs.add("easgd", servers, optimiser("momentum"));
    }
    runs.add("by-arrival", 1, [](Config& config) {
        config.push_every = 1;
        config.pull_every = 3;
    });
    runs.add("dc-asgd", 1, [](Config& config) {
        config.compensation_rule = exchange::Compensation::adaptive;
        config.compression = scenario::Compression("qsgd");
    });
    runs.add("bounded-staleness", 1, compression("top-k"));
    runs.add("backup-workers", 1, [](Config& config) { config.backup = config.workers > 1 ? 1 : 0; });
    return runs.all();
}

std::vector<Config> other(const Communicator& communicator) {
    Interrupted runs(communicator);
    runs.add("softsync", 1, [](Config& config) { config.splitting = (config.workers + 1) / 2; });
    runs.add("softsync", 1, [](Config& config) { config.splitting = 1; });
    runs.add("ad-psgd", 0, optimiser("momentum"));
    return runs.all();
}

std::string described(const Config& config, std::uint64_t length) {
    return fmt::format("{} {} {}, {} servers, legs of {}", config.method.name(), config.optimiser.name(),
                       config.compression.name(), scenario::server_count(config), length);
}

auto key_of(const exchange::Update& update) {
    return std::tuple(update.worker, update.step, update.version_read, update.version_applied);
}

/// The end of v, where a rank holds it, and of each worker's parameters.
std::vector<Vector> ends_of(const ExchangeRun& run) {
    std::vector<Vector> ends;
    if (!run.shared.empty()) ends.push_back(run.final_v());
    for (const auto& own : run.own)
        if (!own.empty()) ends.push_back(own.back().values);
    for (const auto& share : run.shares)
        if (!share.empty()) ends.push_back(share.back().values);
    return ends;
}

void expect_same_run(const ExchangeRun& legs, const ExchangeRun& whole, const std::string& what,
                     Findings& findings) {
    std::vector<exchange::Update> of_legs = legs.updates;
    std::vector<exchange::Update> of_whole = whole.updates;
    std::ranges::sort(of_legs, {}, key_of);
    std::ranges::sort(of_whole, {}, key_of);
    findings.expect(std::ranges::equal(of_legs, of_whole, {}, key_of, key_of), "{}: {} updates, others", what,
                    of_legs.size());
    findings.expect(legs.steps_taken == whole.steps_taken, "{}: {} steps instead of {}", what,
                    legs.steps_taken, whole.steps_taken);
    const std::vector<Vector> found = ends_of(legs);
    const std::vector<Vector> expected = ends_of(whole);
    findings.expect(found.size() == expected.size(), "{}: {} ends", what, found.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
        findings.expect(same_bits(found[i], expected[i]), "{}: end {} is {} instead of {}", what, i,
                        show(found[i]), show(expected[i]));
}

void an_interruption_changes_no_bit(Communicator& communicator, Findings& findings) {
    for (const Config& config : deterministic(communicator)) {
        const ExchangeRun whole = run_exchange(communicator, config, interrupted_job());
        for (const std::uint64_t length : {1U, 2U, 3U, 6U})
            expect_same_run(run_in_legs(communicator, config, interrupted_job(2), length), whole,
                            described(config, length), findings);
    }
}

/// The steps of all workers: each once, as many as without interruption.
void no_step_is_lost_or_repeated(Communicator& communicator, Findings& findings) {
    std::vector<Config> configs = timed(communicator);
    for (const Config& config : other(communicator)) configs.push_back(config);
    for (const Config& config : configs)
        for (const std::uint64_t length : {1U, 2U, 3U, 6U}) {
            const std::string what = described(config, length);
            const ExchangeRun run = run_in_legs(communicator, config, interrupted_job(3), length);
            std::vector<std::vector<std::uint64_t>> steps(config.workers);
            for (const exchange::Update& update : run.updates) steps[update.worker].push_back(update.step);
            std::uint64_t all = 0;
            for (auto& of_worker : steps) {
                std::ranges::sort(of_worker);
                const bool is_once = std::ranges::adjacent_find(of_worker) == of_worker.end();
                findings.expect(is_once, "{}: a step is repeated", what);
                all += of_worker.size();
            }
            findings.expect(config.method == Method("backup-workers") || all == 7 * config.workers,
                            "{}: {} steps", what, all);
        }
}

/// The order that came about in legs, forced on a run in one go.
void a_run_in_one_go_can_have_the_order(Communicator& communicator, Findings& findings) {
    for (const Config& config : timed(communicator))
        for (const std::uint64_t length : {1U, 3U}) {
            const auto recorded = run_in_order_of_legs(communicator, config, interrupted_job(3), length);
            const auto replayed = run_in_order(communicator, config, interrupted_job(),
                                               exchange::taken_by(communicator.rank(), recorded.arrivals));
            expect_same_run(recorded.run, replayed.run, described(config, length), findings);
        }
}

}  // namespace

std::vector<Case> leg_cases() {
    return {{"legs: an interruption changes no bit", an_interruption_changes_no_bit},
            {"legs: no step is lost or repeated", no_step_is_lost_or_repeated, 2},
            {"legs: a run in one go can have the order", a_run_in_one_go_can_have_the_order, 2}};
}

}  // namespace lockstep::contract
