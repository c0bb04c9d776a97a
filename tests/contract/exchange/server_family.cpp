// What servers can do with any method: pushes and pulls apart, staleness-aware steps.
#include <algorithm>

#include "exchange/server/grants.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Method;
using scenario::StepSize;
using scenario::UpdateRule;
using support::ExchangeRun;
using support::Job;

const Job family_job{
    .steps = 7, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e6};

void grants_share_out_all_steps(Communicator& /*communicator*/, Findings& findings) {
    for (const std::uint64_t steps : {0U, 1U, 4U, 7U})
        for (const std::size_t workers : {1U, 2U, 5U})
            for (const std::uint64_t period : {1U, 2U, 3U, 10U}) {
                exchange::Grants grants(steps, workers, period);
                std::uint64_t granted = 0;
                std::uint64_t replies = 0;
                for (std::size_t worker = 0; worker < workers; ++worker) {
                    granted += grants.first(worker);
                    if (steps > 0) ++replies;
                    findings.expect(
                        (steps > 0) == (grants.first(worker) > 0) && grants.first(worker) <= period,
                        "{} steps, period {}: first grant {}", steps, period, grants.first(worker));
                }
                for (; grants.take(); ++replies) granted += period;
                findings.expect(granted == steps * workers && replies == grants.replies(),
                                "{} steps of {}, period {}: {} granted in {}", steps, workers, period,
                                granted, replies);
            }
}

/// A worker as the journal's order has it.
struct Worker {
    Vector w;
    Vector base;  ///< its last push or pull
    std::uint64_t left;
    std::uint64_t version_read = 0;
};

/// The worker's `steps` steps and the push after them; `worker.left` says whether a pull follows.
void replay_push(const Config& config, const Contributions& steps, Worker& worker, Vector& v,
                 const ExchangeRun& run, Findings& findings) {
    const std::size_t number = steps.front().worker;
    const exchange::Update& last = steps.back();
    for (const exchange::Update& update : steps) {
        support::descend(family_job.gradient, number, update.step, worker.w);
        findings.expect(update.version_read == worker.version_read, "worker {}, step {}: read version {}",
                        number, update.step, update.version_read);
    }
    apply(config, v, worker.w, worker.base, last.version_applied - last.version_read);
    worker.left -= steps.size();
    if (worker.left == 0) {
        worker = {v, v, config.pull_every, last.version_applied + 1};
    } else {
        worker.base = worker.w;
        ++worker.version_read;
    }
    const auto& own = run.own[number][last.step];
    findings.expect(own.step == last.step && same_bits(own.values, worker.w),
                    "worker {}, step {}: goes on from {} instead of {}", number, last.step, show(own.values),
                    show(worker.w));
}

void replay_run(Communicator& communicator, const Config& config, Findings& findings) {
    const ExchangeRun run = run_exchange(communicator, config, family_job);
    findings.expect(run.updates.size() == family_job.steps * config.workers, "{}, {}: {} updates",
                    config.push_every, config.pull_every, run.updates.size());
    const exchange::Grants grants(family_job.steps, config.workers, config.pull_every);
    Vector v = family_job.start;
    std::vector<Worker> workers;
    for (std::size_t i = 0; i < config.workers; ++i)
        workers.push_back({family_job.start, family_job.start, grants.first(i)});
    for (const Contributions& steps : by_version(run)) {
        Worker& worker = workers[steps.front().worker];
        findings.expect(steps.size() == std::min<std::size_t>(config.push_every, worker.left),
                        "a push of {} steps", steps.size());
        replay_push(config, steps, worker, v, run, findings);
    }
    findings.expect(same_bits(run.final_v(), v), "{}, {}: v ends as {} instead of {}", config.push_every,
                    config.pull_every, show(run.final_v()), show(v));
}

void pushes_and_pulls_are_those_of_the_journal_s_order(Communicator& communicator, Findings& findings) {
    constexpr std::pair<std::size_t, std::size_t> intervals[] = {{1, 1}, {2, 2}, {1, 3}, {2, 4}, {3, 30}};
    Config config;
    config.method = Method("by-arrival");
    config.workers = communicator.size() - 1;
    for (const auto step_size : {StepSize("constant"), StepSize("staleness-aware")})
        for (const auto& [push_every, pull_every] : intervals) {
            config.step_size = step_size;
            config.push_every = push_every;
            config.pull_every = pull_every;
            config.update = UpdateRule("delta");
            replay_run(communicator, config, findings);
            config.update = UpdateRule("mix");
            if (push_every == pull_every) replay_run(communicator, config, findings);
        }
}

/// Two workers in turn are never staler than 1; more are, and their steps count less.
void staleness_aware_is_plain_up_to_1(Communicator& communicator, Findings& findings) {
    for (const auto server : {exchange::Server::none, exchange::Server::dedicated})
        for (const auto update : {UpdateRule("delta"), UpdateRule("mix")}) {
            Config config;
            config.method = Method("in-turn");
            config.server = server;
            config.update = update;
            const std::size_t servers = server == exchange::Server::none ? 0 : 1;
            if (communicator.size() <= servers) continue;
            config.workers = communicator.size() - servers;
            const ExchangeRun plain = run_exchange(communicator, config, family_job);
            config.step_size = StepSize("staleness-aware");
            const ExchangeRun aware = run_exchange(communicator, config, family_job);
            findings.expect(same_bits(plain.final_v(), aware.final_v()) == (config.workers <= 2),
                            "{} workers: {} and {}", config.workers, show(plain.final_v()),
                            show(aware.final_v()));
            const auto expected = rotation_reference(config, family_job).v;
            for (std::size_t round = 0; round < expected.size(); ++round)
                findings.expect(same_bits(aware.shared[round].values, expected[round]),
                                "round {}: {} instead of {}", round, show(aware.shared[round].values),
                                show(expected[round]));
        }
}

}  // namespace

std::vector<Case> server_family_cases() {
    return {{"grants share out all steps", grants_share_out_all_steps},
            {"by-arrival: pushes and pulls are those of the journal's order",
             pushes_and_pulls_are_those_of_the_journal_s_order, 2},
            {"in-turn: staleness-aware is plain up to staleness 1", staleness_aware_is_plain_up_to_1}};
}

}  // namespace lockstep::contract
