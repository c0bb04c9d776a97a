// easgd: workers and v pull at each other, and neither gains nor loses by it.
#include <cmath>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Server;
using support::ExchangeRun;
using support::Job;

const Job elastic_job{
    .steps = 7, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e6};

Config elastic(std::size_t ranks, Server server, std::size_t servers, std::size_t period) {
    Config config;
    config.method = scenario::Method("easgd");
    config.server = server;
    config.servers = servers;
    config.workers = ranks - (server == Server::dedicated ? servers : 0);
    config.period.steps = period;
    config.collective = scenario::Collective("flat");
    return config;
}

float share_of(const Config& config) {
    return static_cast<float>(config.elasticity.value_or(0.9 / static_cast<double>(config.workers)));
}

/// v and all x_i, with what is kept: the sum of them all.
struct Springs {
    Vector v;
    std::vector<Vector> x;

    Springs(const Config& config, const Job& the_job) : v(the_job.start), x(config.workers, the_job.start) {}

    double total(std::size_t i) const {
        auto sum = static_cast<double>(v[i]);
        for (const Vector& own : x) sum += static_cast<double>(own[i]);
        return sum;
    }
};

void expect_kept(const Springs& springs, const std::vector<double>& before, Findings& findings) {
    for (std::size_t i = 0; i < before.size(); ++i)
        findings.expect(std::abs(springs.total(i) - before[i]) < 1e-5 * (1 + std::abs(before[i])),
                        "value {}: v + sum x went from {} to {}", i, before[i], springs.total(i));
}

std::vector<double> totals(const Springs& springs) {
    std::vector<double> all;
    for (std::size_t i = 0; i < springs.v.size(); ++i) all.push_back(springs.total(i));
    return all;
}

/// The worker's `steps` steps and the exchange after them.
void replay_exchange(const Config& config, const Contributions& steps, const ExchangeRun& run,
                     Springs& springs, Findings& findings) {
    const std::size_t worker = steps.front().worker;
    Vector& x = springs.x[worker];
    const auto expect_own = [&](std::uint64_t step) {
        const auto& own = run.own[worker][step];
        findings.expect(own.step == step && same_bits(own.values, x), "worker {}, step {}: {} instead of {}",
                        worker, step, show(own.values), show(x));
    };
    for (const exchange::Update& update : steps) {
        support::descend(elastic_job.gradient, worker, update.step, x);
        if (update.step != steps.back().step) expect_own(update.step);
    }
    const auto before = totals(springs);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float old_v = springs.v[i];
        springs.v[i] += share_of(config) * (x[i] - old_v);
        x[i] += share_of(config) * (old_v - x[i]);
    }
    expect_kept(springs, before, findings);
    expect_own(steps.back().step);
}

void by_arrival_every_value_is_that_of_the_journal_s_order(Communicator& communicator, Findings& findings) {
    for (const std::size_t period : {1U, 2U, 3U, 10U}) {
        const Config config = elastic(communicator.size(), Server::dedicated, 1, period);
        const ExchangeRun run = run_exchange(communicator, config, elastic_job);
        findings.expect(run.updates.size() == elastic_job.steps * config.workers, "period {}: {} updates",
                        period, run.updates.size());
        Springs springs(config, elastic_job);
        for (const Contributions& steps : by_version(run)) {
            findings.expect(steps.size() <= period, "{} steps from one exchange to the next", steps.size());
            replay_exchange(config, steps, run, springs, findings);
        }
        findings.expect(same_bits(run.final_v(), springs.v), "period {}: v ends as {} instead of {}", period,
                        show(run.final_v()), show(springs.v));
    }
}

/// All pull at v at once, by old values; sums in the order of workers.
void meet(const Config& config, Springs& springs, Findings& findings) {
    const auto before = totals(springs);
    const auto c = static_cast<float>(config.workers);
    for (std::size_t i = 0; i < springs.v.size(); ++i) {
        float sum = springs.x[0][i];
        for (std::size_t worker = 1; worker < config.workers; ++worker) sum += springs.x[worker][i];
        for (Vector& x : springs.x) x[i] += share_of(config) * (springs.v[i] - x[i]);
        springs.v[i] += share_of(config) * (sum - c * springs.v[i]);
    }
    expect_kept(springs, before, findings);
}

void together_every_value_is_the_plain_one(Communicator& communicator, Findings& findings) {
    for (const std::size_t period : {1U, 3U}) {
        const Config config = elastic(communicator.size(), Server::none, 1, period);
        const ExchangeRun run = run_exchange(communicator, config, elastic_job);
        Springs springs(config, elastic_job);
        auto reported = run.shared.begin();
        for (std::uint64_t step = 0; step < elastic_job.steps; ++step) {
            for (std::size_t worker = 0; worker < config.workers; ++worker)
                support::descend(elastic_job.gradient, worker, step, springs.x[worker]);
            if ((step + 1) % period == 0 || step + 1 == elastic_job.steps) {
                meet(config, springs, findings);
                const bool is_there = reported != run.shared.end();
                findings.expect(
                    is_there && reported->step == step + 1 && same_bits(reported->values, springs.v),
                    "step {}: v is not {}", step, show(springs.v));
                if (is_there) ++reported;
            }
            for (std::size_t worker = 0; worker < config.workers; ++worker)
                findings.expect(same_bits(run.own[worker][step].values, springs.x[worker]),
                                "worker {}, step {}: {} instead of {}", worker, step,
                                show(run.own[worker][step].values), show(springs.x[worker]));
        }
        findings.expect(reported == run.shared.end(), "v reported {} times", run.shared.size());
    }
}

/// With slack springs everybody trains alone, and v stays.
void without_elasticity_workers_train_alone(Communicator& communicator, Findings& findings) {
    for (const Server server : {Server::none, Server::dedicated}) {
        if (server == Server::dedicated && communicator.size() < 2) continue;
        Config config = elastic(communicator.size(), server, 1, 2);
        config.elasticity = 0;
        const ExchangeRun run = run_exchange(communicator, config, elastic_job);
        findings.expect(same_bits(run.final_v(), elastic_job.start), "v went to {}", show(run.final_v()));
        for (std::size_t worker = 0; worker < config.workers; ++worker) {
            Vector x = elastic_job.start;
            for (const auto& own : run.own[worker]) {
                support::descend(elastic_job.gradient, worker, own.step, x);
                findings.expect(same_bits(own.values, x), "worker {}, step {}: {} instead of {}", worker,
                                own.step, show(own.values), show(x));
            }
        }
    }
}

}  // namespace

std::vector<Case> elastic_cases() {
    return {{"easgd: by arrival every value is that of the journal's order",
             by_arrival_every_value_is_that_of_the_journal_s_order, 2},
            {"easgd: together every value is the plain one", together_every_value_is_the_plain_one},
            {"easgd: without elasticity workers train alone", without_elasticity_workers_train_alone}};
}

}  // namespace lockstep::contract
