// backup-workers: the first gradients of a round make it, and those that come late leave no trace.
#include <algorithm>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using support::ExchangeRun;
using support::Job;

const Job backup_job{
    .steps = 7, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e6};

Config with_backup(std::size_t workers, std::size_t backup) {
    Config config;
    config.method = scenario::Method("backup-workers");
    config.workers = workers;
    config.backup = backup;
    return config;
}

void expect_rounds(const ExchangeRun& run, const std::vector<Vector>& expected, const char* what,
                   Findings& findings) {
    findings.expect(run.shared.size() == expected.size(), "{}: v reported {} times", what, run.shared.size());
    for (std::size_t round = 0; round < run.shared.size(); ++round)
        findings.expect(
            run.shared[round].step == round + 1 && same_bits(run.shared[round].values, expected[round]),
            "{}, round {}: {} instead of {}", what, round, show(run.shared[round].values),
            show(expected[round]));
}

/// Both are compared to the same reference, hence equal to each other.
void without_backup_it_is_allreduce(Communicator& communicator, Findings& findings) {
    for (const auto optimiser : {scenario::OptimiserRule("sgd"), scenario::OptimiserRule("momentum")}) {
        Config config = with_backup(communicator.size() - 1, 0);
        config.optimiser = optimiser;
        if (communicator.size() > 1)
            expect_rounds(run_exchange(communicator, config, backup_job), mean_reference(config, backup_job),
                          "backup-workers", findings);
        config.method = scenario::Method("allreduce");
        config.collective = scenario::Collective("flat");
        config.workers = communicator.size();
        expect_rounds(run_exchange(communicator, config, backup_job), mean_reference(config, backup_job),
                      "allreduce", findings);
    }
}

void late_gradients_are_dropped(Communicator& communicator, Findings& findings) {
    for (std::size_t backup = 0; backup + 1 < communicator.size(); ++backup) {
        const Config config = with_backup(communicator.size() - 1, backup);
        const ExchangeRun run = run_exchange(communicator, config, backup_job);
        const auto versions = by_version(run);
        findings.expect(versions.size() == backup_job.steps && run.shared.size() == backup_job.steps,
                        "backup {}: {} rounds, v reported {} times", backup, versions.size(),
                        run.shared.size());
        const std::vector<Vector> v = replay_gradients(config, backup_job, run);
        for (std::size_t round = 0; round < run.shared.size(); ++round)
            findings.expect(same_bits(run.shared[round].values, v[round + 1]),
                            "backup {}, round {}: {} instead of {}", backup, round,
                            show(run.shared[round].values), show(v[round + 1]));
        for (const Contributions& of : versions) {
            findings.expect(of.size() == config.workers - backup, "backup {}: {} gradients in a round",
                            backup, of.size());
            for (const exchange::Update& update : of)
                findings.expect(update.version_read == update.version_applied, "backup {}: stale", backup);
        }
        std::size_t reported = 0;
        for (const auto& own : run.own) reported += own.size();
        findings.expect(reported == run.steps_taken && run.traffic.messages == 2 * run.steps_taken,
                        "backup {}: {} steps, {} answered, {} messages", backup, run.steps_taken, reported,
                        run.traffic.messages);
        const std::uint64_t dropped = run.steps_taken - run.updates.size();
        findings.expect(dropped <= backup * backup_job.steps, "backup {}: {} dropped", backup, dropped);
    }
}

/// What a worker goes on from is a v of a complete round.
void workers_go_on_from_rounds(Communicator& communicator, Findings& findings) {
    const Config config = with_backup(communicator.size() - 1, communicator.size() > 2 ? 1 : 0);
    const ExchangeRun run = run_exchange(communicator, config, backup_job);
    for (const auto& own : run.own)
        for (const auto& w : own)
            findings.expect(
                std::ranges::any_of(run.shared, [&](const auto& v) { return same_bits(v.values, w.values); }),
                "goes on from {}", show(w.values));
}

}  // namespace

std::vector<Case> backup_cases() {
    return {{"backup-workers: without backup it is allreduce", without_backup_it_is_allreduce},
            {"backup-workers: late gradients are dropped", late_gradients_are_dropped, 2},
            {"backup-workers: workers go on from complete rounds", workers_go_on_from_rounds, 2}};
}

}  // namespace lockstep::contract
