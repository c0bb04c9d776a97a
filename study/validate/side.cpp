#include "study/validate/side.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/applicability.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/options/options.hpp"
#include "study/validate/run.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using scenario::Config;
using scenario::Invocation;
using Extra = std::span<const scenario::ExtraOption>;

/// Errors: InputError where the calibration is of processors of another full speed than the real runs'.
void require_same_emulation(const Config& real, const Config& simulated) {
    if (!scenario::is_calibrated(simulated)) return;
    const std::string calibrated = scenario::read_calibrations(simulated).emulate_speed;
    const std::string asked = scenario::find_option("emulate-speed")->kind.get(real);
    if (calibrated != asked)
        throw base::InputError(
            fmt::format("--platform {}: it was calibrated with emulate-speed '{}', and these runs "
                        "have '{}'; calibrate with the same",
                        simulated.platform, calibrated, asked));
}

/// Where it has a meaning.
std::string value_of(const char* key, const Config& config) {
    return scenario::applies(key, config) ? scenario::find_option(key)->kind.get(config) : std::string();
}

/// Whether a calibration of one scenario's machine says too little of the other's: what it times is a step of
/// one model, the code of one kind and the updates of one method and optimiser, processors that are emulated
/// are those of one speed, and the link is that of messages of the sizes that the scenario sends.
bool needs_another_calibration(const Config& given, const Config& changed) {
    constexpr std::array keys{"method",    "collective",        "buckets",         "server",
                              "servers",   "optimiser",         "outer-optimiser", "update",
                              "step-size", "compensation-rule", "graph",           "gossip-order"};
    const auto differs = [&](const char* key) { return value_of(key, given) != value_of(key, changed); };
    return scenario::model_of(given) != scenario::model_of(changed) || given.workers != changed.workers ||
           given.emulate_speed_flops != changed.emulate_speed_flops ||
           scenario::code_of(given) != scenario::code_of(changed) || std::ranges::any_of(keys, differs);
}

Side changed_side(const Side& given, Extra extra) {
    const std::vector<Change>& changes = given.request.changes;
    Side side;
    side.prefix = "against-";
    side.words = changed_arguments(given.words, extra, changes, given.request.measured_against);
    const Invocation invocation = scenario::parse(side.words, extra, World::real);
    side.config = invocation.config;
    require_differences(changes, given.config, side.config);
    if (given.request.measured.empty())
        require_possible_changes(changes, side.config, given.request.calibrates);
    side.request = requested_validation(invocation);
    side.request.repeats = given.request.repeats;
    side.calibrates_alone = needs_another_calibration(given.config, side.config);
    return side;
}

/// Adds to every side the platform that is measured for this round.
void calibrate_round(std::span<Side> sides, Extra extra, std::size_t round, const fs::path& folder,
                     double budget_s, const std::function<void()>& tell) {
    fs::path file;
    for (Side& side : sides) {
        if (&side == &sides.front() || side.calibrates_alone) {
            const std::string name = fmt::format("{}calibration-{}", side.prefix, round + 1);
            file = calibrate(side.words, side.config, folder, name, budget_s);
            tell();
        }
        std::vector<std::string> words =
            scenario::without_keys(side.words, std::vector<std::string>{"budget"});
        words.insert(words.end(), {"--platform", file.string()});
        side.platforms.push_back(on_platform(words, extra, side.config));
    }
}

}  // namespace

std::vector<Side> requested_sides(const Invocation& invocation, std::span<const std::string> arguments,
                                  Extra extra) {
    std::vector<Side> sides(1);
    Side& given = sides.front();
    given.words.assign(arguments.begin(), arguments.end());
    given.config = invocation.config;
    if (invocation.given_on_command_line("against")) parse_changes(invocation.extra.at("against"));
    given.request = requested_validation(invocation);
    if (!given.request.changes.empty()) sides.push_back(changed_side(sides.front(), extra));
    return sides;
}

Config on_platform(std::span<const std::string> arguments, Extra extra, const Config& real) {
    const Invocation invocation = scenario::parse(arguments, extra);
    requested_validation(invocation);
    scenario::require_calibrated_model(invocation.config);
    require_same_emulation(real, invocation.config);
    return invocation.config;
}

std::size_t calibrations(std::span<const Side> sides) {
    if (!sides.front().request.calibrates) return 0;
    const auto alone = std::ranges::count_if(sides.subspan(1), &Side::calibrates_alone);
    return sides.front().measured.size() * (1 + static_cast<std::size_t>(alone));
}

void measure(std::span<Side> sides, Extra extra, const Launcher& runner, const fs::path& folder,
             const OnRunDone& on_done) {
    const ValidationRequest& request = sides.front().request;
    const double budget_s =
        std::max(request.budget_s / static_cast<double>(std::max<std::size_t>(1, calibrations(sides))), 1.0);
    std::size_t done = 0;
    const auto tell = [&] { on_done(++done); };
    for (std::size_t round = 0; round < sides.front().measured.size(); ++round) {
        if (request.calibrates) calibrate_round(sides, extra, round, folder, budget_s, tell);
        for (std::size_t i = 0; i < sides.size(); ++i) {
            Side& side = sides[round % 2 == 0 ? i : sides.size() - 1 - i];
            make_runs(std::span(side.measured).subspan(round, 1), runner, [&](std::size_t) { tell(); });
        }
    }
}

void simulate(std::span<Side> sides, const OnRunDone& on_done) {
    const Launcher launcher(World::simulated);
    std::size_t before = 0;
    for (Side& side : sides) {
        make_runs(side.simulated, launcher, [&](std::size_t done) { on_done(before + done); });
        before += side.simulated.size();
    }
}

}  // namespace lockstep::study
