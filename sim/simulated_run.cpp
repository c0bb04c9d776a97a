#include "sim/simulated_run.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "run/program.hpp"
#include "run/summary.hpp"
#include "sim/world.hpp"

namespace lockstep::sim {

result::Result run_simulated(const scenario::Config& config, const run::Problem& problem,
                             run::Progress& progress) {
    std::optional<result::Result> result;
    std::vector<run::UnfinishedReport> unfinished(scenario::rank_count(config));
    const SimulationEnd end = simulate(config, [&] {
        auto communicator = comm::Communicator::duplicate_world();
        if (auto found = run::train(communicator, config, problem, &progress, &unfinished))
            result = std::move(found);
    });
    if (end == SimulationEnd::all_finished) return std::move(*result);
    progress.finish();
    return run::summarise_unfinished(config, problem, std::move(unfinished));
}

}  // namespace lockstep::sim
