// Methods that step locally and meet from time to time: local-sgd and its relatives, and allreduce, to which
// all of them come down when they meet after every step.
#include <cmath>

#include "scenario/config.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Method;
using scenario::OptimiserRule;
using scenario::Period;
using support::ExchangeRun;
using support::Job;

const Job local_job{.steps = 7,
                    .start = {1, -2, 3.5F, 0, 7},
                    .gradient = support::pulling_gradient,
                    .step_flops = 1e5,
                    .steps_per_epoch = 3};
/// Values stay below 8: an operation is off by up to 2^-22, a step and a mean take few of them.
constexpr double tolerance = 0x1p-18;

Config local(const Communicator& communicator, Method method, std::size_t period = 1) {
    Config config;
    config.method = method;
    config.workers = communicator.size();
    config.period.steps = period;
    config.groups = 1;
    return config;
}

Config with_optimiser(Config config, OptimiserRule optimiser) {
    config.optimiser = optimiser;
    config.momentum = 0.5;
    return config;
}

void meeting_every_step_is_sync_average(Communicator& communicator, Findings& findings) {
    const Config reference = local(communicator, Method("sync-average"));
    for (const Method method : {Method("local-sgd"), Method("hierarchical")})
        expect_same(communicator, local(communicator, method), reference, local_job, 0, findings);
    Config at_first = local(communicator, Method("post-local-sgd"), 5);
    at_first.synchronous_epochs = 3;  // of 3 steps: longer than the run
    expect_same(communicator, at_first, reference, local_job, 0, findings);
}

/// Parameters are stepped in two operations and averaged, gradients averaged and stepped in one: the same to
/// rounding.
void averaging_parameters_is_averaging_gradients(Communicator& communicator, Findings& findings) {
    for (const OptimiserRule& optimiser : {OptimiserRule("sgd"), OptimiserRule("momentum")})
        expect_same(communicator, with_optimiser(local(communicator, Method("sync-average")), optimiser),
                    with_optimiser(local(communicator, Method("allreduce")), optimiser), local_job, tolerance,
                    findings);
}

void the_second_phase_alone_is_local_sgd(Communicator& communicator, Findings& findings) {
    Config post = local(communicator, Method("post-local-sgd"), 3);
    post.synchronous_epochs = 0;
    expect_same(communicator, post, local(communicator, Method("local-sgd"), 3), local_job, 0, findings);
}

/// One epoch is 3 steps, the run 7.
void periods_have_names(Communicator& communicator, Findings& findings) {
    Config epoch = local(communicator, Method("local-sgd"));
    epoch.period.unit = Period::Unit::epoch;
    expect_same(communicator, epoch, local(communicator, Method("local-sgd"), 3), local_job, 0, findings);
    Config once = local(communicator, Method("local-sgd"));
    once.period.unit = Period::Unit::once;
    expect_same(communicator, once, local(communicator, Method("local-sgd"), 7), local_job, 0, findings);
}

/// Workers with the same data and seeds do the same on their own, and their mean is what each of them has.
void equal_shards_averaged_once_are_serial(Communicator& communicator, Findings& findings) {
    Job equal = local_job;
    equal.gradient = [](std::size_t /*worker*/, std::uint64_t step, std::size_t i, float w) {
        return support::pulling_gradient(0, step, i, w);
    };
    Config once = local(communicator, Method("local-sgd"));
    once.period.unit = Period::Unit::once;
    const auto expected = serial_reference(equal).back();
    const auto found = run_exchange(communicator, once, equal).final_v();
    for (std::size_t i = 0; i < expected.size(); ++i)
        findings.expect(std::abs(found[i] - expected[i]) <= tolerance, "value {}: {} instead of {}", i,
                        found[i], expected[i]);
}

void one_group_is_local_sgd(Communicator& communicator, Findings& findings) {
    Config grouped = local(communicator, Method("hierarchical"), 4);
    grouped.group_period = 2;
    expect_same(communicator, grouped, local(communicator, Method("local-sgd"), 2), local_job, 0, findings);
    grouped.period.unit = Period::Unit::epoch;  // of 3 steps: no multiple of 2, and no matter
    expect_same(communicator, grouped, local(communicator, Method("local-sgd"), 2), local_job, 0, findings);
}

void groups_of_one_are_local_sgd(Communicator& communicator, Findings& findings) {
    Config grouped = local(communicator, Method("hierarchical"), 2);
    grouped.groups = communicator.size();
    if (communicator.size() == 1) return;  // that is the case above
    expect_same(communicator, grouped, local(communicator, Method("local-sgd"), 2), local_job, 0, findings);
}

void plain_outer_steps_are_local_sgd(Communicator& communicator, Findings& findings) {
    Config outer = local(communicator, Method("diloco"), 3);
    outer.outer_optimiser = OptimiserRule("sgd");
    outer.outer_lr = 1;
    expect_same(communicator, outer, local(communicator, Method("local-sgd"), 3), local_job, tolerance,
                findings);
}

/// mean(t + 1) = mean(t) - (1/c) sum g_i(w_i(t)), whatever is exchanged: exchanging moves no mean.
void the_mean_obeys_the_mean_gradient(Communicator& communicator, Findings& findings) {
    std::vector<Config> all{local(communicator, Method("sync-average")),
                            local(communicator, Method("local-sgd"), 3),
                            local(communicator, Method("post-local-sgd"), 2)};
    for (const std::size_t groups : {1U, 2U, 3U, 4U}) {
        Config config = local(communicator, Method("hierarchical"), 4);
        config.groups = groups;
        config.group_period = 2;
        if (communicator.size() % groups == 0) all.push_back(config);
    }
    const auto workers = static_cast<double>(communicator.size());
    for (const Config& config : all) {
        const ExchangeRun run = run_exchange(communicator, config, local_job);
        for (std::size_t step = 0; step < local_job.steps; ++step) {
            for (std::size_t i = 0; i < local_job.start.size(); ++i) {
                double before = 0;
                double after = 0;
                double gradient = 0;
                for (std::size_t worker = 0; worker < config.workers; ++worker) {
                    const float w = step == 0 ? local_job.start[i] : run.own[worker].at(step - 1).values[i];
                    before += static_cast<double>(w) / workers;
                    gradient += static_cast<double>(local_job.gradient(worker, step, i, w)) / workers;
                    after += static_cast<double>(run.own[worker].at(step).values[i]) / workers;
                }
                findings.expect(std::abs(before - gradient - after) <= tolerance,
                                "{}, {} groups, step {}, value {}: the mean goes from {} to {}, not {}",
                                scenario::name(config.method), config.groups, step, i, before, after,
                                before - gradient);
            }
        }
    }
}

/// Between meetings workers are apart and report their shares; at meetings all have v.
void workers_meet_when_they_should(Communicator& communicator, Findings& findings) {
    if (communicator.size() == 1) return;
    Config config = local(communicator, Method("post-local-sgd"), 2);
    config.synchronous_epochs = 1;  // 3 steps; then after 5 and 7
    const ExchangeRun run = run_exchange(communicator, config, local_job);
    const std::vector<std::size_t> meetings{1, 2, 3, 5, 7};
    findings.expect(run.shared.size() == meetings.size(), "{} meetings", run.shared.size());
    for (std::size_t k = 0; k < std::min(meetings.size(), run.shared.size()); ++k) {
        findings.expect(run.shared[k].step == meetings[k], "meeting {} after step {}", k, run.shared[k].step);
        for (const auto& own : run.own)
            findings.expect(same_bits(own.at(meetings[k] - 1).values, run.shared[k].values),
                            "after step {} a worker has {}, v is {}", meetings[k],
                            show(own.at(meetings[k] - 1).values), show(run.shared[k].values));
    }
    for (const auto& shares : run.shares) {
        findings.expect(shares.size() == 2 && shares[0].step == 4 && shares[1].step == 6, "{} shares",
                        shares.size());
    }
    findings.expect(!same_bits(run.own[0].at(3).values, run.own[1].at(3).values), "workers stay together");
}

/// The paper's algorithm 1 in float64, in the form in which parameters are the look-ahead point (Sutskever et
/// al. 2013): u = m u + Delta; v -= eta (Delta + m u).
std::vector<double> diloco_reference(const Config& config, const Job& job) {
    const std::size_t n = job.start.size();
    std::vector<double> v(job.start.begin(), job.start.end());
    std::vector<double> velocity(n);
    std::vector<std::vector<double>> w(config.workers, v);
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t worker = 0; worker < config.workers; ++worker)
            for (std::size_t i = 0; i < n; ++i)
                w[worker][i] -=
                    static_cast<double>(job.gradient(worker, step, i, static_cast<float>(w[worker][i])));
        if ((step + 1) % config.period.steps != 0 && step + 1 != job.steps) continue;
        for (std::size_t i = 0; i < n; ++i) {
            double delta = 0;
            for (const auto& one : w) delta += (v[i] - one[i]) / static_cast<double>(config.workers);
            velocity[i] = config.outer_momentum * velocity[i] + delta;
            const double ahead = config.outer_optimiser == OptimiserRule("nesterov")
                                     ? delta + config.outer_momentum * velocity[i]
                                     : velocity[i];
            v[i] -= config.outer_lr * ahead;
            for (auto& one : w) one[i] = v[i];
        }
    }
    return v;
}

void diloco_is_the_paper_s(Communicator& communicator, Findings& findings) {
    for (const OptimiserRule& outer : {OptimiserRule("momentum"), OptimiserRule("nesterov")}) {
        Config config = local(communicator, Method("diloco"), 3);
        config.outer_optimiser = outer;
        config.outer_lr = 0.5;
        config.outer_momentum = 0.75;
        const auto expected = diloco_reference(config, local_job);
        const ExchangeRun run = run_exchange(communicator, config, local_job);
        for (std::size_t i = 0; i < expected.size(); ++i)
            findings.expect(std::abs(static_cast<double>(run.final_v()[i]) - expected[i]) <= tolerance,
                            "{}: value {} ends as {} instead of {}", scenario::name(outer), i,
                            run.final_v()[i], expected[i]);
    }
}

}  // namespace

std::vector<Case> local_step_cases() {
    return {{"local-sgd, hierarchical, post-local-sgd: meeting every step is sync-average",
             meeting_every_step_is_sync_average},
            {"sync-average is allreduce, with momentum too", averaging_parameters_is_averaging_gradients},
            {"post-local-sgd: its second phase is local-sgd", the_second_phase_alone_is_local_sgd},
            {"local-sgd: epoch and once are periods", periods_have_names},
            {"local-sgd: equal shards averaged once are serial", equal_shards_averaged_once_are_serial},
            {"hierarchical: one group is local-sgd", one_group_is_local_sgd},
            {"hierarchical: groups of one are local-sgd", groups_of_one_are_local_sgd},
            {"diloco: plain outer steps are local-sgd", plain_outer_steps_are_local_sgd},
            {"diloco is the paper's", diloco_is_the_paper_s},
            {"local steps: the mean obeys the mean gradient", the_mean_obeys_the_mean_gradient},
            {"local steps: workers meet when they should", workers_meet_when_they_should}};
}

}  // namespace lockstep::contract
