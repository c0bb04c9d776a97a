#include "study/time_range/times_beside.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/values.hpp"
#include "result/time_range.hpp"
#include "study/alike_runs.hpp"
#include "study/compare/ideal_resources.hpp"
#include "study/launch/runs.hpp"
#include "study/time_range/calibration_ends.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;

constexpr std::uint64_t seeds_max = result::times_beside_max;
/// More narrow the range of what chance does; at every end of every setting they would take too long.
constexpr std::size_t seeds_at_ends_max = 5;

/// Those that are alike to `config` but for chance and have these numbers, 0 is itself. They leave nothing
/// but their times.
void add_alike(std::vector<Run>& runs, const Config& config, Chance chance, std::size_t first,
               std::size_t end) {
    for (std::size_t number = first; number < end; ++number) {
        Run& run = runs.emplace_back();
        run.name = fmt::format("beside-{}", runs.size());
        run.config = timing_only_run(alike(config, chance, number));
        run.config.record.clear();
        run.config.paje.clear();
    }
}

bool has_time(const Run& run) {
    return run.result && run.result->summary.elapsed_s > 0 &&
           (run.result->summary.outcome == result::Outcome::finished ||
            run.result->summary.outcome == result::Outcome::diverged);
}

/// Whether all have a time. Where one refuses its input the run itself will say so.
bool simulate_all(std::vector<Run>& runs, const Config& config, const Launcher& launcher) {
    const OnRunDone progress = progress_line(config, runs.size(), "runs beside");
    progress(0);
    try {
        do_runs(runs, launcher, "run", progress);
    } catch (const base::InputError&) {
        return false;
    }
    return std::ranges::all_of(runs, has_time);
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
    const std::size_t runs_alike = chance == Chance::none ? 1 : seeds;
    const std::size_t at_ends = std::min(runs_alike, seeds_at_ends_max);
    const std::vector<SettingEnds> settings = calibration_ends(invocation);
    std::vector<Run> runs;
    add_alike(runs, config, chance, 1, runs_alike);
    for (const SettingEnds& setting : settings)
        for (const auto* end : {&setting.lower, &setting.upper})
            if (*end) add_alike(runs, **end, chance, 0, at_ends);
    if (runs.empty() || !simulate_all(runs, config, launcher)) return {};

    auto next = runs.cbegin();
    const auto times_of_next = [&](std::size_t count) {
        std::vector<double> times_s;
        for (; count > 0; --count, ++next) times_s.push_back(next->result->summary.elapsed_s);
        return times_s;
    };
    result::TimesBeside beside;
    if (runs_alike > 1) beside.varied = name_of(chance);
    beside.times_s = times_of_next(runs_alike - 1);
    for (const SettingEnds& setting : settings) {
        result::TimesAtEnds& ends = beside.settings.emplace_back();
        ends.key = setting.key;
        ends.lower_s = times_of_next(setting.lower ? at_ends : 0);
        ends.upper_s = times_of_next(setting.upper ? at_ends : 0);
    }
    return result::to_json(beside);
}

}  // namespace lockstep::study
