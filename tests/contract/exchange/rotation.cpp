// in-turn: v goes round in strict rotation, as a token or on a dedicated server, with the same bits.
#include <algorithm>
#include <cmath>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Server;
using scenario::UpdateRule;
using support::ExchangeRun;
using support::Job;

const Job rotation_job{
    .steps = 5, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e5};

Config in_turn(const Communicator& communicator, Server server, UpdateRule update) {
    Config config;
    config.method = scenario::Method("in-turn");
    config.server = server;
    config.workers = communicator.size() - (server == Server::dedicated ? 1 : 0);
    config.update = update;
    config.beta = 0.3;
    return config;
}

/// Calls `check` with the run, its configuration and a name, for token and server and each rule.
void for_every_kind(Communicator& communicator, const Job& the_job, auto check) {
    for (const Server server : {Server::none, Server::dedicated}) {
        if (server == Server::dedicated && communicator.size() < 2) continue;
        for (const UpdateRule& rule : UpdateRule::all()) {
            const Config config = in_turn(communicator, server, rule);
            const std::string kind =
                fmt::format("{} {}", server == Server::none ? "token" : "server", rule.name());
            check(run_exchange(communicator, config, the_job), config, kind);
        }
    }
}

/// Token and server are compared to the same reference, hence equal to each other.
void every_value_is_that_of_the_plain_rotation(Communicator& communicator, Findings& findings) {
    for_every_kind(
        communicator, rotation_job,
        [&](const ExchangeRun& run, const Config& config, const std::string& kind) {
            const Rotation expected = rotation_reference(config, rotation_job);
            findings.expect(run.shared.size() == rotation_job.steps, "{}: v reported {} times", kind,
                            run.shared.size());
            for (std::size_t round = 0; round < run.shared.size(); ++round) {
                const auto& v = run.shared[round];
                findings.expect(v.step == round + 1, "{}: round {} reported as {}", kind, round + 1, v.step);
                findings.expect(same_bits(v.values, expected.v[round]), "{}, round {}: v is {} instead of {}",
                                kind, round, show(v.values), show(expected.v[round]));
            }
            for (std::size_t worker = 0; worker < config.workers; ++worker) {
                findings.expect(run.own[worker].size() == rotation_job.steps, "{}: w reported {} times", kind,
                                run.own[worker].size());
                for (std::size_t step = 0; step < run.own[worker].size(); ++step) {
                    const auto& w = run.own[worker][step];
                    findings.expect(w.step == step && same_bits(w.values, expected.w[worker][step]),
                                    "{}, worker {}, step {}: w is {} instead of {}", kind, worker, step,
                                    show(w.values), show(expected.w[worker][step]));
                }
            }
        });
}

void staleness_is_c_minus_1_after_the_first_round(Communicator& communicator, Findings& findings) {
    for_every_kind(communicator, rotation_job,
                   [&](const ExchangeRun& run, const Config& config, const std::string& kind) {
                       findings.expect(run.updates.size() == rotation_job.steps * config.workers,
                                       "{}: {} updates", kind, run.updates.size());
                       for (std::size_t version = 0; version < run.updates.size(); ++version) {
                           const exchange::Update& update = run.updates[version];
                           findings.expect(update.version_applied == version &&
                                               update.worker == version % config.workers &&
                                               update.step == version / config.workers,
                                           "{}: update {} is worker {}, step {}, version {}", kind, version,
                                           update.worker, update.step, update.version_applied);
                           const std::uint64_t staleness = update.version_applied - update.version_read;
                           findings.expect(staleness == std::min(version, config.workers - 1),
                                           "{}: update {} has staleness {}", kind, version, staleness);
                       }
                   });
}

void the_token_adds_everybody_s_progress(Communicator& communicator, Findings& findings) {
    const Job integers{.steps = 6, .start = {1, 2, 3, 4}, .gradient = support::integer_gradient};
    for_every_kind(
        communicator, integers, [&](const ExchangeRun& run, const Config& config, const std::string& kind) {
            if (config.update != UpdateRule("delta")) return;
            const auto sum = sum_of_gradients(config.workers, integers);
            for (std::size_t i = 0; i < sum.size(); ++i) {
                const double expected = static_cast<double>(integers.start[i]) - sum[i];
                findings.expect(static_cast<double>(run.final_v()[i]) == expected,
                                "{}, value {}: {} instead of {}", kind, i, run.final_v()[i], expected);
            }
        });
}

/// After one round from v0 with fixed w_1 .. w_c: v = (1-beta)^c v0 + sum_k beta (1-beta)^(c-k) w_k. With
/// beta = 1/2 all of it is exact in float32.
void mix_is_the_geometric_sum(Communicator& communicator, Findings& findings) {
    const Job one_round{.steps = 1, .start = {64, -128, 32}, .gradient = support::integer_gradient};
    Config config = in_turn(communicator, Server::none, UpdateRule("mix"));
    config.beta = 0.5;
    const ExchangeRun run = run_exchange(communicator, config, one_round);
    const auto c = static_cast<int>(config.workers);
    for (std::size_t i = 0; i < one_round.start.size(); ++i) {
        const auto v0 = static_cast<double>(one_round.start[i]);
        double expected = std::ldexp(v0, -c);
        for (int k = 1; k <= c; ++k) {
            const double gradient =
                static_cast<double>(support::integer_gradient(static_cast<std::size_t>(k - 1), 0, i, 0));
            expected += std::ldexp(v0 - gradient, -1 - (c - k));
        }
        findings.expect(static_cast<double>(run.final_v()[i]) == expected, "value {}: {} instead of {}", i,
                        run.final_v()[i], expected);
    }
}

void no_steps_of_the_token_end_at_once(Communicator& communicator, Findings& findings) {
    for_every_kind(
        communicator, Job{.steps = 0}, [&](const ExchangeRun& run, const Config&, const std::string& kind) {
            findings.expect(run.updates.empty() && run.traffic.messages == 0, "{}: {} updates, {} messages",
                            kind, run.updates.size(), run.traffic.messages);
        });
}

}  // namespace

std::vector<Case> rotation_cases() {
    return {
        {"in-turn: every value is that of the plain rotation", every_value_is_that_of_the_plain_rotation},
        {"in-turn: staleness is c - 1 after the first round", staleness_is_c_minus_1_after_the_first_round},
        {"in-turn: delta adds everybody's progress", the_token_adds_everybody_s_progress},
        {"in-turn: mix is the geometric sum", mix_is_the_geometric_sum},
        {"in-turn: no steps end at once", no_steps_of_the_token_end_at_once}};
}

}  // namespace lockstep::contract
