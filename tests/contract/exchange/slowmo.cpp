// slowmo: local-sgd where it has no momentum, and the paper's algorithm where it has.
#include <cmath>
#include <vector>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using support::ExchangeRun;
using support::Job;

/// The last meeting is after one step alone; the learning rate changes between and within periods.
const Job slowmo_job{.steps = 7,
                     .start = {1, -2, 3.5F, 0, 7},
                     .gradient = support::pulling_gradient,
                     .step_flops = 1e5,
                     .rate_decay = 0.75F};

Config slowmo(const Communicator& communicator, double alpha, double beta) {
    Config config;
    config.method = "slowmo";
    config.workers = communicator.size();
    config.period.steps = 3;
    config.slow_lr = alpha;
    config.slow_momentum = beta;
    return config;
}

void without_momentum_it_is_local_sgd(Communicator& communicator, Findings& findings) {
    const Config config = slowmo(communicator, 1, 0);
    Config local = config;
    local.method = "local-sgd";
    expect_same(communicator, config, local, slowmo_job, 0, findings);
}

/// Algorithm 1 in float64, of workers that step at learning rate 1.
std::vector<double> reference(const Config& config) {
    const std::size_t n = slowmo_job.start.size();
    std::vector<double> v(slowmo_job.start.begin(), slowmo_job.start.end());
    std::vector<double> u(n);
    std::vector<std::vector<double>> w(config.workers, v);
    for (std::uint64_t step = 0; step < slowmo_job.steps; ++step) {
        for (std::size_t worker = 0; worker < config.workers; ++worker)
            for (std::size_t i = 0; i < n; ++i)
                w[worker][i] -= static_cast<double>(
                    slowmo_job.gradient(worker, step, i, static_cast<float>(w[worker][i])));
        if ((step + 1) % config.period.steps != 0 && step + 1 != slowmo_job.steps) continue;
        const double gamma = std::pow(0.75, static_cast<double>(step));
        for (std::size_t i = 0; i < n; ++i) {
            double mean = 0;
            for (const auto& one : w) mean += one[i] / static_cast<double>(config.workers);
            u[i] = config.slow_momentum * u[i] + (v[i] - mean) / gamma;
            v[i] -= config.slow_lr * gamma * u[i];
            for (auto& one : w) one[i] = v[i];
        }
    }
    return v;
}

void it_is_the_paper_s(Communicator& communicator, Findings& findings) {
    for (const double alpha : {1.0, 0.5})
        for (const double beta : {0.0, 0.5, 0.875}) {
            const Config config = slowmo(communicator, alpha, beta);
            const std::vector<double> expected = reference(config);
            const ExchangeRun run = run_exchange(communicator, config, slowmo_job);
            for (std::size_t i = 0; i < expected.size(); ++i)
                findings.expect(std::abs(static_cast<double>(run.final_v()[i]) - expected[i]) <= 0x1p-17,
                                "alpha {}, beta {}: value {} ends as {} instead of {}", alpha, beta, i,
                                run.final_v()[i], expected[i]);
        }
}

}  // namespace

std::vector<Case> slowmo_cases() {
    return {{"slowmo: without momentum it is local-sgd", without_momentum_it_is_local_sgd},
            {"slowmo is the paper's", it_is_the_paper_s}};
}

}  // namespace lockstep::contract
