// Servers that step by gradients in order of arrival: bounded-staleness, softsync, dc-asgd.
#include <algorithm>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Method;
using support::ExchangeRun;
using support::Job;

const Job gradient_job{
    .steps = 7, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e6};
const Job gradient_integers{.steps = 6, .start = {1, 2, 3, 4}, .gradient = support::integer_gradient};

Config with_method(const Communicator& communicator, Method method) {
    Config config;
    config.method = method;
    config.workers = communicator.size() - 1;
    return config;
}

std::vector<Config> every_kind(const Communicator& communicator) {
    std::vector<Config> all;
    for (const auto step_size : {scenario::StepSize("constant"), scenario::StepSize("staleness-aware")}) {
        Config config = with_method(communicator, Method("bounded-staleness"));
        config.step_size = step_size;
        for (const std::optional<std::size_t> bound :
             {std::optional<std::size_t>(0), std::optional<std::size_t>(1), std::optional<std::size_t>(3),
              std::optional<std::size_t>()}) {
            config.staleness_bound = bound;
            all.push_back(config);
        }
        config.method = Method("softsync");
        for (config.splitting = 1; config.splitting <= std::min<std::size_t>(config.workers, 3);
             ++config.splitting)
            all.push_back(config);
        config.method = Method("dc-asgd");
        for (const double lambda : {0.0, 0.25})
            for (const auto rule : {exchange::Compensation::constant, exchange::Compensation::adaptive}) {
                config.compensation = lambda;
                config.compensation_rule = rule;
                all.push_back(config);
            }
    }
    return all;
}

std::string kind_of(const Config& config) {
    return fmt::format("{}, bound {}, splitting {}, lambda {}", config.method.name(),
                       config.staleness_bound ? std::to_string(*config.staleness_bound) : "none",
                       config.splitting, config.compensation);
}

/// v at the end, v where it was reported, and what each worker goes on from, value by value.
void every_value_is_that_of_the_journal_s_order(Communicator& communicator, Findings& findings) {
    for (const Config& config : every_kind(communicator)) {
        const std::string kind = kind_of(config);
        const ExchangeRun run = run_exchange(communicator, config, gradient_job);
        const std::vector<Vector> v = replay_gradients(config, gradient_job, run);
        findings.expect(run.updates.size() == gradient_job.steps * config.workers, "{}: {} updates", kind,
                        run.updates.size());
        findings.expect(run.shared.back().step == gradient_job.steps, "{}: v reported up to step {}", kind,
                        run.shared.back().step);
        findings.expect(same_bits(run.final_v(), v.back()), "{}: v ends as {} instead of {}", kind,
                        show(run.final_v()), show(v.back()));
        std::vector<std::uint64_t> steps_done(config.workers);
        for (const exchange::Update& update : run.updates) {
            findings.expect(update.step == steps_done[update.worker]++, "{}: worker {}: step {} out of order",
                            kind, update.worker, update.step);
            if (update.step == 0) continue;
            const auto& own = run.own[update.worker][update.step - 1];
            findings.expect(own.step + 1 == update.step && same_bits(own.values, v[update.version_read]),
                            "{}: worker {}, step {}: went on from {} instead of {}", kind, update.worker,
                            own.step, show(own.values), show(v[update.version_read]));
        }
    }
}

void one_worker_of_gradients_is_serial(Communicator& communicator, Findings& findings) {
    if (communicator.size() != 2) return;
    for (const Config& config : every_kind(communicator)) {
        const ExchangeRun run = run_exchange(communicator, config, gradient_job);
        const auto expected = mean_reference(config, gradient_job);
        for (std::size_t step = 0; step < expected.size(); ++step)
            findings.expect(same_bits(run.shared[step].values, expected[step]) &&
                                same_bits(run.own[0][step].values, expected[step]),
                            "{}, step {}: {} instead of {}", kind_of(config), step,
                            show(run.shared[step].values), show(expected[step]));
    }
}

/// All steps of a round start from the same version, and their sum makes the next round's.
void with_bound_0_it_is_synchronous(Communicator& communicator, Findings& findings) {
    Config config = with_method(communicator, Method("bounded-staleness"));
    config.staleness_bound = 0;
    const ExchangeRun run = run_exchange(communicator, config, gradient_integers);
    findings.expect(run.shared.size() == gradient_integers.steps, "v reported {} times", run.shared.size());
    Vector v = gradient_integers.start;
    for (std::size_t round = 0; round < run.shared.size(); ++round) {
        for (std::size_t worker = 0; worker < config.workers; ++worker)
            for (std::size_t i = 0; i < v.size(); ++i)
                v[i] -= gradient_integers.gradient(worker, round, i, 0);
        findings.expect(same_bits(run.shared[round].values, v), "round {}: {} instead of {}", round,
                        show(run.shared[round].values), show(v));
    }
    for (const exchange::Update& update : run.updates)
        findings.expect(update.version_read == update.step * config.workers,
                        "worker {}, step {}: started from version {}", update.worker, update.step,
                        update.version_read);
}

/// A worker's step starts from the version after its own last one: nobody is held back.
void without_a_bound_it_is_by_arrival(Communicator& communicator, Findings& findings) {
    for (Config config : {with_method(communicator, Method("bounded-staleness")),
                          with_method(communicator, Method("dc-asgd"))}) {
        config.staleness_bound = std::nullopt;
        const ExchangeRun run = run_exchange(communicator, config, gradient_integers);
        std::vector<std::uint64_t> got(config.workers);
        for (const exchange::Update& update : run.updates) {
            findings.expect(update.version_read == got[update.worker], "worker {}, step {}: read version {}",
                            update.worker, update.step, update.version_read);
            got[update.worker] = update.version_applied + 1;
        }
        const auto expected = start_minus_applied(gradient_integers, run);
        if (config.method != Method("bounded-staleness")) continue;
        for (std::size_t i = 0; i < expected.size(); ++i)
            findings.expect(static_cast<double>(run.final_v()[i]) == expected[i],
                            "value {}: {} instead of {}", i, run.final_v()[i], expected[i]);
    }
}

void nobody_gets_too_far_ahead(Communicator& communicator, Findings& findings) {
    Config config = with_method(communicator, Method("bounded-staleness"));
    for (const std::size_t bound : {0U, 1U, 2U}) {
        config.staleness_bound = bound;
        std::vector<std::uint64_t> clocks(config.workers);
        for (const exchange::Update& update : run_exchange(communicator, config, gradient_job).updates) {
            ++clocks[update.worker];
            const auto [fewest, most] = std::ranges::minmax(clocks);
            findings.expect(most - fewest <= bound + 1, "bound {}: clocks {} and {}", bound, fewest, most);
        }
    }
}

/// Each step of v has as many gradients as it should, each from another worker; only the last may have fewer.
void softsync_steps_by_so_many_gradients(Communicator& communicator, Findings& findings) {
    Config config = with_method(communicator, Method("softsync"));
    for (config.splitting = 1; config.splitting <= config.workers; ++config.splitting) {
        const auto versions = by_version(run_exchange(communicator, config, gradient_job));
        for (std::size_t version = 0; version < versions.size(); ++version) {
            const Contributions& of = versions[version];
            const std::size_t wanted = config.workers / config.splitting;
            findings.expect(of.size() == wanted || (version + config.workers >= versions.size() &&
                                                    of.size() < wanted && !of.empty()),
                            "splitting {}, version {}: {} gradients", config.splitting, version, of.size());
            for (std::size_t i = 1; i < of.size(); ++i)
                findings.expect(of[i - 1].worker < of[i].worker, "splitting {}: worker {} twice",
                                config.splitting, of[i].worker);
        }
    }
}

void unsplit_softsync_is_synchronous(Communicator& communicator, Findings& findings) {
    const Config config = with_method(communicator, Method("softsync"));
    const ExchangeRun run = run_exchange(communicator, config, gradient_job);
    const auto expected = mean_reference(config, gradient_job);
    findings.expect(run.shared.size() == gradient_job.steps, "v reported {} times", run.shared.size());
    for (std::size_t round = 0; round < run.shared.size(); ++round)
        findings.expect(same_bits(run.shared[round].values, expected[round]), "round {}: {} instead of {}",
                        round, show(run.shared[round].values), show(expected[round]));
}

}  // namespace

std::vector<Case> gradient_server_cases() {
    return {
        {"gradient servers: every value is that of the journal's order",
         every_value_is_that_of_the_journal_s_order, 2},
        {"gradient servers: one worker is serial", one_worker_of_gradients_is_serial, 2},
        {"bounded-staleness: with bound 0 it is synchronous", with_bound_0_it_is_synchronous, 2},
        {"bounded-staleness and dc-asgd: nobody is held back without a bound",
         without_a_bound_it_is_by_arrival, 2},
        {"bounded-staleness: nobody gets too far ahead", nobody_gets_too_far_ahead, 2},
        {"softsync: so many gradients a step, of different workers", softsync_steps_by_so_many_gradients, 2},
        {"softsync: unsplit it is synchronous", unsplit_softsync_is_synchronous, 2}};
}

}  // namespace lockstep::contract
