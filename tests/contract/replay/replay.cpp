// Orders of arrival: what was recorded is forced on other ranks that would have had another order. That v is
// what a plain program makes of an order, the contracts of each method say.
#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "backend/backend.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using exchange::Arrival;
using exchange::ArrivalOrder;
using scenario::Config;
using scenario::Method;
using support::ExchangeRun;
using support::Job;
using support::Ordered;

/// Whoever steps from another w gets another result.
Job job_of(double first_is_slow) {
    return {.steps = 6,
            .start = {1, 2, 3, 4, 5, 6, 7},
            .gradient = support::pulling_gradient,
            .step_flops = 1e7,
            .first_is_slow = first_is_slow,
            .rate_decay = 0.5F};
}

Config config_of(const Communicator& communicator, Method method, std::size_t servers = 1) {
    Config config;
    config.method = method;
    config.server = servers == 0 ? exchange::Server::none : exchange::Server::dedicated;
    config.servers = servers;
    config.workers = communicator.size() - servers;
    config.backup = config.workers > 1 ? 1 : 0;
    config.period.steps = 2;
    return config;
}

/// Every method that has an order, with what changes who waits for whom and what is done with a message.
std::vector<Config> configs(const Communicator& communicator) {
    std::vector<Config> all;
    const auto add = [&](Method method, std::size_t servers, auto change) {
        if (communicator.size() <= servers) return;
        Config config = config_of(communicator, method, servers);
        change(config);
        all.push_back(config);
    };
    const auto plain = [](Config&) {};
    const auto weighed = [](Config& config) { config.step_size = scenario::StepSize("staleness-aware"); };
    add(Method("by-arrival"), 1, plain);
    add(Method("by-arrival"), 2, plain);
    add(Method("by-arrival"), 1, [](Config& config) { config.update = scenario::UpdateRule("mix"); });
    add(Method("by-arrival"), 1, [](Config& config) {
        config.push_every = 2;
        config.pull_every = 4;
    });
    add(Method("by-arrival"), 1, weighed);
    add(Method("in-turn"), 0, plain);
    add(Method("in-turn"), 1, plain);
    add(Method("bounded-staleness"), 1, [](Config& config) { config.staleness_bound = 1; });
    add(Method("bounded-staleness"), 3, plain);
    add(Method("bounded-staleness"), 1, [](Config& config) {
        config.compression = scenario::Compression("top-k");
        config.top_k = 0.3;
    });
    add(Method("softsync"), 1, [](Config& config) { config.splitting = (config.workers + 1) / 2; });
    add(Method("softsync"), 1, [](Config& config) {
        config.splitting = (config.workers + 1) / 2;
        config.step_size = scenario::StepSize("staleness-aware");
    });
    add(Method("backup-workers"), 1,
        [](Config& config) { config.optimiser = scenario::OptimiserRule("momentum"); });
    add(Method("dc-asgd"), 1, plain);
    add(Method("dc-asgd"), 1, [](Config& config) {
        config.compensation_rule = exchange::Compensation::adaptive;
        config.compression = scenario::Compression("qsgd");
    });
    add(Method("easgd"), 1, [](Config& config) { config.optimiser = scenario::OptimiserRule("nesterov"); });
    add(Method("ad-psgd"), 0, plain);
    return all;
}

std::string describe(const Config& config) {
    return fmt::format("{}, {} servers", config.method.name(), scenario::server_count(config));
}

/// v, or what the workers end with.
std::vector<Vector> final_parameters(const Config& config, const ExchangeRun& run) {
    if (config.method != Method("ad-psgd")) return {final_v(config, run)};
    std::vector<Vector> all;
    for (const auto& share : run.shares) all.push_back(share.back().values);
    return all;
}

void expect_same(const std::vector<Vector>& found, const std::vector<Vector>& expected,
                 const std::string& what, Findings& findings) {
    findings.expect(found.size() == expected.size(), "{}: {} vectors", what, found.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
        findings.expect(same_bits(found[i], expected[i]), "{}: {} instead of {}", what, show(found[i]),
                        show(expected[i]));
}

bool same_updates(const std::vector<exchange::Update>& a, const std::vector<exchange::Update>& b) {
    const auto key = [](const exchange::Update& update) {
        return std::tuple(update.worker, update.step, update.version_read, update.version_applied);
    };
    return std::ranges::equal(a, b, {}, key, key);
}

void ranks_repeat_a_recorded_order(Communicator& communicator, Findings& findings) {
    for (const Config& config : configs(communicator)) {
        const Ordered recorded = run_in_order(communicator, config, job_of(5), {});
        const Ordered replayed = run_in_order(communicator, config, job_of(1),
                                              exchange::taken_by(communicator.rank(), recorded.arrivals));
        expect_same(final_parameters(config, replayed.run), final_parameters(config, recorded.run),
                    describe(config), findings);
        findings.expect(replayed.arrivals == recorded.arrivals, "{}: another order", describe(config));
        findings.expect(same_updates(replayed.run.updates, recorded.run.updates), "{}: other updates",
                        describe(config));
    }
}

/// Or the contract above would hold without anything forced.
void the_order_would_be_another_one(Communicator& communicator, Findings& findings) {
    if (!backend::time_is_simulated()) return;
    for (const Method method : {Method("by-arrival"), Method("dc-asgd"), Method("backup-workers")}) {
        const Config config = config_of(communicator, method);
        const Ordered recorded = run_in_order(communicator, config, job_of(5), {});
        const Ordered free = run_in_order(communicator, config, job_of(1), {});
        findings.expect(recorded.arrivals != free.arrivals, "{}: the same order", describe(config));
        findings.expect(!same_bits(final_v(config, recorded.run), final_v(config, free.run)),
                        "{}: the same parameters", describe(config));
    }
}

/// The last worker takes all that it can be granted before anybody else is heard: no timing would do that.
void an_invented_order_is_obeyed(Communicator& communicator, Findings& findings) {
    const Config config = config_of(communicator, Method("by-arrival"));
    const Job job = job_of(1);
    const auto server = static_cast<std::uint32_t>(config.workers);
    const auto all = static_cast<std::uint32_t>(job.steps * config.workers);
    std::vector<Arrival> arrivals;
    for (std::uint32_t step = 0; step + server <= all; ++step)
        arrivals.push_back({server, server - 1, step, step, step});
    for (std::uint32_t worker = 0; worker + 1 < server; ++worker)
        arrivals.push_back({server, worker, 0, 0, all - server + 1 + worker});
    const Ordered run =
        run_in_order(communicator, config, job, exchange::taken_by(communicator.rank(), arrivals));
    findings.expect(run.arrivals == arrivals, "another order");
    Vector v = job.start;
    for (std::uint32_t step = 0; step + server <= all; ++step)
        support::descend(job.gradient, server - 1, step, v);
    for (std::uint32_t worker = 0; worker + 1 < server; ++worker) {
        Vector w = job.start;
        support::descend(job.gradient, worker, 0, w);
        for (std::size_t i = 0; i < v.size(); ++i) v[i] += w[i] - job.start[i];
    }
    expect_same({run.run.final_v()}, {v}, "invented", findings);
}

void another_message_than_the_forced_one_is_a_fault(Communicator&, Findings& findings) {
    const Arrival forced{3, 1, 0, 0, 0};
    ArrivalOrder order(true, {forced});
    findings.expect(order.next() != nullptr && *order.next() == forced, "nothing is forced");
    const auto is_refused = [&](const Arrival& arrival) {
        try {
            order.take(arrival);
        } catch (const std::logic_error&) {
            return true;
        }
        return false;
    };
    findings.expect(is_refused({3, 1, 1, 0, 0}), "another step");
    findings.expect(is_refused({3, 2, 0, 0, 0}), "another worker");
    findings.expect(!is_refused(forced) && order.next() == nullptr, "the forced one");
    findings.expect(is_refused({3, 1, 1, 1, 1}), "one more");
    findings.expect(order.kept() == std::vector{forced}, "{} kept", order.kept().size());
}

}  // namespace

std::vector<Case> replay_cases() {
    return {{"replay: ranks repeat a recorded order", ranks_repeat_a_recorded_order},
            {"replay: the order would be another one", the_order_would_be_another_one, 3},
            {"replay: an invented order is obeyed", an_invented_order_is_obeyed, 2},
            {"replay: another message is a fault", another_message_than_the_forced_one_is_a_fault}};
}

}  // namespace lockstep::contract
