// sync-average and allreduce: v moves by the mean of the workers' steps, on every rank, in every round.
#include <cmath>

#include "scenario/config.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Collective;
using scenario::Config;
using scenario::Method;
using support::ExchangeRun;
using support::Job;

Config averaging(const Communicator& communicator, Collective collective,
                 Method method = Method("sync-average")) {
    Config config;
    config.method = method;
    config.workers = communicator.size();
    config.collective = collective;
    return config;
}

/// Calls `check` with the run and the name of each method and collective.
void for_every_collective(Communicator& communicator, const Job& job, auto check) {
    for (const Method method : {Method("sync-average"), Method("allreduce")})
        for (const Collective& collective : Collective::all())
            check(run_exchange(communicator, averaging(communicator, collective, method), job),
                  fmt::format("{} by {}", method.name(), collective.name()));
}

/// `tolerance` for each round done.
void expect_means(const ExchangeRun& run, const Job& job, std::size_t workers, double tolerance,
                  const std::string& collective, Findings& findings) {
    const auto expected = averaging_reference(workers, job);
    findings.expect(run.shared.size() == job.steps, "{}: v reported {} times", collective, run.shared.size());
    for (std::size_t worker = 0; worker < workers; ++worker) {
        findings.expect(run.own[worker].size() == job.steps, "{}: w reported {} times", collective,
                        run.own[worker].size());
        for (std::size_t step = 0; step < run.own[worker].size(); ++step)
            findings.expect(same_bits(run.own[worker][step].values, run.shared[step].values),
                            "{}, round {}: worker {} has {}, worker 0 {}", collective, step, worker,
                            show(run.own[worker][step].values), show(run.shared[step].values));
    }
    for (std::size_t step = 0; step < run.shared.size(); ++step) {
        const auto& v = run.shared[step].values;
        findings.expect(run.shared[step].step == step + 1, "{}: round {} out of order", collective, step);
        for (std::size_t i = 0; i < v.size(); ++i) {
            const double error = std::abs(static_cast<double>(v[i]) - expected[step][i]);
            findings.expect(error <= tolerance * static_cast<double>(step + 1),
                            "{}, round {}, value {}: {} instead of {}", collective, step, i, v[i],
                            expected[step][i]);
        }
    }
}

/// Gradients divisible by every number of workers that is tested with a power of two, so that means are
/// exact.
float divisible_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return 16 * support::integer_gradient(worker, step, i, w);
}

void means_of_integers_are_exact(Communicator& communicator, Findings& findings) {
    if ((communicator.size() & (communicator.size() - 1)) != 0) return;  // 1/c must be a float32
    const Job job{.steps = 4,
                  .start = {16, -32, 48, 0, 160, 16, 32},
                  .gradient = divisible_gradient,
                  .step_flops = 1e5};
    for_every_collective(communicator, job, [&](const ExchangeRun& run, const std::string& name) {
        expect_means(run, job, communicator.size(), 0, name, findings);
    });
}

void means_are_right_to_rounding(Communicator& communicator, Findings& findings) {
    const Job job{
        .steps = 6, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e5};
    // Values stay below 8, where a float32 operation is off by up to 2^-22: four for a step, one for each
    // addition and the mean.
    const double rounding = 0x1p-22 * static_cast<double>(4 + communicator.size());
    for_every_collective(communicator, job, [&](const ExchangeRun& run, const std::string& name) {
        expect_means(run, job, communicator.size(), rounding, name, findings);
    });
}

void no_step_is_stale(Communicator& communicator, Findings& findings) {
    const Job job{.steps = 3};
    const ExchangeRun run = run_exchange(communicator, averaging(communicator, Collective("tree")), job);
    findings.expect(run.updates.size() == job.steps * communicator.size(), "{} updates", run.updates.size());
    for (const exchange::Update& update : run.updates) {
        findings.expect(update.version_read == update.version_applied, "worker {}, step {}: staleness {}",
                        update.worker, update.step, update.version_applied - update.version_read);
        findings.expect(update.version_applied == update.step, "worker {}, step {}: version {}",
                        update.worker, update.step, update.version_applied);
    }
}

}  // namespace

std::vector<Case> averaging_cases() {
    return {{"sync-average, allreduce: means of integers are exact", means_of_integers_are_exact},
            {"sync-average, allreduce: means are right to rounding", means_are_right_to_rounding},
            {"sync-average: no step is stale", no_step_is_stale}};
}

}  // namespace lockstep::contract
