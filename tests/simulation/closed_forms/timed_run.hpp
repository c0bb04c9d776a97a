#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/simulation/star.hpp"
#include "tests/support/exchange_run.hpp"

namespace lockstep::simulation {

/// Symbols of docs/algorithms.md: c workers, vectors of n values, s servers; alpha + B beta is message_s.

/// Timing only, on the ideal star; with a dedicated server where the method may have one.
inline scenario::Config timed(scenario::Method method, std::size_t workers, std::size_t servers = 1) {
    scenario::Config config = support::star_of(workers);
    config.method = method;
    config.numerics = scenario::Numerics::none;
    config.server = exchange::Server::dedicated;
    config.servers = servers;
    return config;
}

inline support::Job timed_job(std::uint64_t steps, std::size_t values, double step_flops) {
    return {.steps = steps,
            .start = std::vector<float>(values, 1),
            .gradient = support::integer_gradient,
            .step_flops = step_flops};
}

/// What closed forms of time and staleness speak of.
struct TimedRun {
    double elapsed_s = 0;
    double mean_staleness = 0;
    std::vector<double> v_s;                 ///< when each step of all was complete in v, or its first part
    std::vector<std::vector<double>> own_s;  ///< per worker, when each of its steps was done
};

inline TimedRun timed_run(const scenario::Config& config, const support::Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const support::ExchangeRun run = run_exchange(communicator, config, job);
        double staleness = 0;
        for (const exchange::Update& update : run.updates)
            staleness += static_cast<double>(update.version_applied - update.version_read);
        std::vector<double> values{run.elapsed_s, staleness / static_cast<double>(run.updates.size())};
        const auto append = [&](const auto& snapshots) {
            values.push_back(static_cast<double>(snapshots.size()));
            for (const auto& snapshot : snapshots) values.push_back(snapshot.time_s);
        };
        append(scenario::server_count(config) > 1 ? run.shares[config.workers] : run.shared);
        for (const auto& own : run.own) append(own);
        return values;
    });
    auto next = ranks[0].begin();
    TimedRun run{*next++, *next++, {}, {}};
    const auto take = [&] {
        const auto count = static_cast<std::ptrdiff_t>(*next++);
        next += count;
        return std::vector<double>(next - count, next);
    };
    run.v_s = take();
    while (next != ranks[0].end()) run.own_s.push_back(take());
    return run;
}

/// From one step of all to the next, in this part of the run.
inline double settled_s(const TimedRun& run, double from = 0.5, double to = 1) {
    const auto last = static_cast<double>(run.v_s.size() - 1);
    const auto begin = static_cast<std::size_t>(from * last);
    const auto end = static_cast<std::size_t>(to * last);
    return (run.v_s[end] - run.v_s[begin]) / static_cast<double>(end - begin);
}

}  // namespace lockstep::simulation
