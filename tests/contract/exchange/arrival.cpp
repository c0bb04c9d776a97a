// by-arrival: whatever the order in which the server serves, nothing is lost, repeated or reordered. The
// order itself depends on time, so the checks start from the journal and hold for every order.
#include "backend/backend.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using support::ExchangeRun;
using support::Job;

const Job arrival_job{
    .steps = 8, .start = {1, 2, 3, 4}, .gradient = support::integer_gradient, .step_flops = 1e6};

Config by_arrival(const Communicator& communicator) {
    Config config;
    config.method = scenario::Method("by-arrival");
    config.workers = communicator.size() - 1;
    return config;
}

void delta_adds_everybody_s_progress(Communicator& communicator, Findings& findings) {
    const Config config = by_arrival(communicator);
    const ExchangeRun run = run_exchange(communicator, config, arrival_job);
    std::vector<double> sum(arrival_job.start.size());  // of every step that anybody took
    for (const exchange::Update& update : run.updates)
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += static_cast<double>(arrival_job.gradient(update.worker, update.step, i, 0));
    findings.expect(run.shared.size() == arrival_job.steps, "v reported {} times", run.shared.size());
    for (std::size_t i = 0; i < sum.size(); ++i) {
        const double expected = static_cast<double>(arrival_job.start[i]) - sum[i];
        findings.expect(static_cast<double>(run.final_v()[i]) == expected, "value {}: {} instead of {}", i,
                        run.final_v()[i], expected);
    }
}

/// The version that a worker read is the one after its own last contribution: it got the reply to that.
void the_journal_is_consistent(Communicator& communicator, Findings& findings) {
    const Config config = by_arrival(communicator);
    const ExchangeRun run = run_exchange(communicator, config, arrival_job);
    findings.expect(run.updates.size() == arrival_job.steps * config.workers, "{} updates",
                    run.updates.size());
    std::vector<std::uint64_t> steps_done(config.workers);
    std::vector<std::uint64_t> version_got(config.workers);
    for (std::size_t version = 0; version < run.updates.size(); ++version) {
        const exchange::Update& update = run.updates[version];
        findings.expect(update.version_applied == version, "version {} reported as {}", version,
                        update.version_applied);
        findings.expect(update.step == steps_done[update.worker]++, "worker {}: step {} out of order",
                        update.worker, update.step);
        findings.expect(update.version_read == version_got[update.worker],
                        "worker {}, step {}: read version {}, had got {}", update.worker, update.step,
                        update.version_read, version_got[update.worker]);
        version_got[update.worker] = version + 1;
    }
    for (const std::uint64_t done : steps_done) findings.expect(done >= 1, "a worker took no step");
}

/// What each worker goes on from is v as its own contribution left it: replayed from the journal, value by
/// value.
void every_worker_gets_v_as_its_own_step_left_it(Communicator& communicator, Findings& findings) {
    Job pulling = arrival_job;
    pulling.gradient = support::pulling_gradient;
    const Config config = by_arrival(communicator);
    const ExchangeRun run = run_exchange(communicator, config, pulling);
    Vector v = pulling.start;
    std::vector<Vector> received(config.workers, pulling.start);
    for (const exchange::Update& update : run.updates) {
        Vector w = received[update.worker];
        support::descend(pulling.gradient, update.worker, update.step, w);
        apply(config, v, w, received[update.worker], update.version_applied - update.version_read);
        received[update.worker] = v;
        const auto& own = run.own[update.worker][update.step];
        findings.expect(own.step == update.step && same_bits(own.values, v),
                        "worker {}, step {}: goes on from {}, v is {}", update.worker, update.step,
                        show(own.values), show(v));
    }
    findings.expect(same_bits(run.final_v(), v), "v ends as {} instead of {}", show(run.final_v()), show(v));
}

/// A worker reads the version after its own last update, so staleness telescopes: its sum over a worker's S
/// steps is the version of its last update - (S - 1). Each of the last c of U updates is a different worker's
/// last one, since c steps are under way until nobody may take another: over all, the sum of the last c
/// versions - (U - c), whatever the speeds.
void mean_staleness_is_c_minus_1(Communicator& communicator, Findings& findings) {
    const Config config = by_arrival(communicator);
    const ExchangeRun run = run_exchange(communicator, config, arrival_job);
    const auto c = static_cast<double>(config.workers);
    double sum = 0;
    for (const exchange::Update& update : run.updates)
        sum += static_cast<double>(update.version_applied - update.version_read);
    const auto updates = static_cast<double>(run.updates.size());
    const double expected = (c - 1) * (updates - c / 2);
    findings.expect(sum == expected, "staleness adds up to {} instead of {}", sum, expected);
}

void no_steps_end_at_once(Communicator& communicator, Findings& findings) {
    const ExchangeRun run = run_exchange(communicator, by_arrival(communicator), Job{.steps = 0});
    findings.expect(run.updates.empty() && run.traffic.messages == 0, "{} updates, {} messages",
                    run.updates.size(), run.traffic.messages);
}

}  // namespace

std::vector<Case> arrival_cases() {
    return {{"by-arrival: delta adds everybody's progress", delta_adds_everybody_s_progress, 2},
            {"by-arrival: the journal is consistent", the_journal_is_consistent, 2},
            {"by-arrival: every worker gets v as its own step left it",
             every_worker_gets_v_as_its_own_step_left_it, 2},
            {"by-arrival: mean staleness is c - 1 but for the start", mean_staleness_is_c_minus_1, 2},
            {"by-arrival: no steps end at once", no_steps_end_at_once, 2}};
}

}  // namespace lockstep::contract
