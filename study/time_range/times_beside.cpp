#include "study/time_range/times_beside.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "result/time_range.hpp"
#include "study/alike_runs.hpp"
#include "study/compare/ideal_resources.hpp"
#include "study/launch/runs.hpp"
#include "study/time_range/calibration_ends.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;

constexpr std::uint64_t seeds_max = result::times_beside_max;

/// It leaves nothing but its time.
Run run_beside(const Config& config, std::string name) {
    Run run;
    run.name = std::move(name);
    run.config = timing_only_run(config);
    run.config.record.clear();
    run.config.paje.clear();
    return run;
}

bool has_time(const Run& run) {
    return run.result && run.result->summary.elapsed_s > 0 &&
           (run.result->summary.outcome == result::Outcome::finished ||
            run.result->summary.outcome == result::Outcome::diverged);
}

std::string_view name_of(Chance chance) {
    return chance == Chance::draws ? "platform seeds" : "outcomes of ties";
}

}  // namespace

std::size_t platform_seeds(const scenario::Invocation& invocation) {
    const option::WholeRange range{1, seeds_max};
    return option::parse_whole("--platform-seeds", invocation.extra.at("platform-seeds"), range,
                               option::describe(range));
}

std::optional<std::string> times_beside(const scenario::Invocation& invocation, const Launcher& launcher) {
    const Config& config = invocation.config;
    const std::size_t seeds = platform_seeds(invocation);
    if (seeds == 1 || !config.checkpoint.empty()) return {};
    const Chance chance = chance_of(config);
    std::vector<Run> runs;
    if (chance != Chance::none)
        for (std::size_t i = 1; i < seeds; ++i)
            runs.push_back(run_beside(alike(config, chance, i), fmt::format("beside-{}", i)));
    const std::size_t others = runs.size();
    for (const Config& end : calibration_ends(config)) runs.push_back(run_beside(end, "calibration-end"));
    if (runs.empty()) return {};
    const OnRunDone progress = progress_line(config, runs.size(), "runs beside");
    progress(0);
    try {
        do_runs(runs, launcher, "run", progress);
    } catch (const base::InputError&) {
        return {};  // the run itself will say so
    }
    if (!std::ranges::all_of(runs, has_time)) return {};
    result::TimesBeside beside;
    beside.varied = others > 0 ? name_of(chance) : "";
    for (std::size_t i = 0; i < runs.size(); ++i)
        (i < others ? beside.times_s : beside.ends_s).push_back(runs[i].result->summary.elapsed_s);
    return result::to_json(beside);
}

}  // namespace lockstep::study
