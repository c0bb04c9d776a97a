#include "sim/simulated_run.hpp"

#include <optional>
#include <utility>

#include "run/checkpoint/common_legs.hpp"
#include "run/program.hpp"
#include "run/summary.hpp"
#include "sim/simulation.hpp"

namespace lockstep::sim {

result::Result run_simulated(const scenario::Config& config, const run::Problem& problem,
                             run::Progress& progress, run::Checkpoints* checkpoints) {
    std::optional<result::Result> result;
    run::SharedByRanks together(config, problem);
    std::optional<run::CommonLegs> legs;
    if (checkpoints != nullptr)
        legs.emplace(config, problem, *checkpoints, together.joint ? &*together.joint : nullptr);
    const std::optional<run::Standstill> standstill = simulate(config, [&](comm::Communicator& communicator) {
        const run::Surroundings around{
            .progress = &progress, .together = &together, .legs = legs ? &*legs : nullptr};
        if (auto found = run::train(communicator, config, problem, around)) result = std::move(found);
    });
    if (!standstill) return std::move(*result);
    progress.finish();
    return run::summarise_unfinished(config, problem, std::move(together.unfinished), *standstill);
}

}  // namespace lockstep::sim
