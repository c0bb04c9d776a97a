// One worker: the serial method, and every method that reduces to it, bit for bit.
#include <algorithm>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::Method;
using scenario::UpdateRule;
using support::ExchangeRun;
using support::Job;

/// Nearly flips the sign of w: then w - v has one digit more than either, and v + (w - v) is not w.
float flipping_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return 1.9F * w + 0.01F * support::integer_gradient(worker, step, i, w);
}

const Job serial_job{
    .steps = 6, .start = {1.1F, -2.3F, 3.7F, 0, 700.3F}, .gradient = flipping_gradient, .step_flops = 1e5};

/// v and the worker's own w are after each step what plain SGD has.
void expect_serial(const ExchangeRun& run, const std::string& what, Findings& findings) {
    const auto expected = serial_reference(serial_job);
    findings.expect(run.updates.size() == serial_job.steps && run.shared.size() == serial_job.steps &&
                        run.own[0].size() == serial_job.steps,
                    "{}: {} updates, {} times v, {} times w in {} steps", what, run.updates.size(),
                    run.shared.size(), run.own[0].size(), serial_job.steps);
    for (std::size_t step = 0; step < std::min(run.shared.size(), run.own[0].size()); ++step) {
        const auto& v = run.shared[step].values;
        const auto& w = run.own[0][step].values;
        findings.expect(run.shared[step].step == step + 1 && run.own[0][step].step == step,
                        "{}: steps out of order", what);
        findings.expect(same_bits(v, expected[step]), "{}, step {}: v is {} instead of {}", what, step,
                        show(v), show(expected[step]));
        findings.expect(same_bits(w, expected[step]), "{}, step {}: w is {} instead of {}", what, step,
                        show(w), show(expected[step]));
    }
    for (const exchange::Update& update : run.updates)
        findings.expect(update.version_read == update.version_applied, "{}: stale", what);
}

std::vector<Config> with_every_rule(Config config) {
    std::vector<Config> all;
    for (const UpdateRule update : {UpdateRule("delta"), UpdateRule("mix"), UpdateRule("replace")}) {
        config.update = update;
        config.beta = 1;
        all.push_back(config);
    }
    return all;
}

void one_rank_alone_is_serial(Communicator& communicator, Findings& findings) {
    if (communicator.size() != 1) return;
    Config config;
    expect_serial(run_exchange(communicator, config, serial_job), "serial", findings);
    config.method = Method("sync-average");
    for (const auto collective :
         {scenario::Collective("tree"), scenario::Collective("ring"),
          scenario::Collective("recursive-doubling"), scenario::Collective("rabenseifner"),
          scenario::Collective("flat"), scenario::Collective("library")}) {
        config.collective = collective;
        expect_serial(run_exchange(communicator, config, serial_job), "sync-average", findings);
    }
    config.method = Method("in-turn");
    for (const Config& one : with_every_rule(config))
        expect_serial(run_exchange(communicator, one, serial_job), "in-turn", findings);
}

void one_worker_and_a_server_are_serial(Communicator& communicator, Findings& findings) {
    if (communicator.size() != 2) return;
    Config config;
    config.server = exchange::Server::dedicated;
    for (const Method method : {Method("in-turn"), Method("by-arrival")}) {
        config.method = method;
        for (const Config& one : with_every_rule(config))
            expect_serial(run_exchange(communicator, one, serial_job), "with a server", findings);
    }
}

}  // namespace

std::vector<Case> serial_cases() {
    return {{"one rank alone is serial", one_rank_alone_is_serial},
            {"one worker and a server are serial", one_worker_and_a_server_are_serial, 2}};
}

}  // namespace lockstep::contract
