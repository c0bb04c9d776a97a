#pragma once

#include <string>

#include "result/json.hpp"
#include "run/load_problem.hpp"
#include "sim/simulated_run.hpp"
#include "tests/support/child_process.hpp"

namespace lockstep::simulation {

/// The result of a whole simulated run, which takes place in a process of its own.
inline result::Result whole_run(const scenario::Config& config) {
    const support::ChildResult child = support::run_in_child([&] {
        run::Progress silent;
        return result::to_json(sim::run_simulated(config, run::load_problem(config), silent));
    });
    return result::from_json(child.value, "the child");
}

/// Timing only, of a model that is little but its step: `flops` operations a sample, `parameters` values.
inline scenario::Config phantom(scenario::Method method, std::size_t workers, double parameters,
                                double flops) {
    scenario::Config config;
    config.method = method;
    config.workers = workers;
    config.model = "phantom";
    config.parameters = parameters;
    config.flops_per_sample = flops / 6;
    config.epochs = 1;
    return config;
}

/// The same with a batch of one sample and so many steps of each worker on average.
inline scenario::Config steps_of(scenario::Config config, std::size_t steps) {
    config.batch = 1;
    config.train_samples = steps * config.workers;
    return config;
}

}  // namespace lockstep::simulation
