#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/parse.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/runs.hpp"
#include "study/validate/request.hpp"

namespace lockstep::study {

/// A scenario that is measured and simulated: all of a validation, or one of the two that a change is
/// between.
struct Side {
    std::string_view prefix;         ///< opens the names of its runs
    std::vector<std::string> words;  ///< the command line that it comes of
    scenario::Config config;         ///< of real runs
    ValidationRequest request;
    bool calibrates_alone = false;            ///< no calibration of the side before it will do
    std::vector<scenario::Config> platforms;  ///< the scenario on each that it is simulated on
    std::vector<Run> measured;
    std::vector<Run> simulated;
    std::vector<std::string> calibration_warnings;  ///< of the platforms, where these are calibrations
};

/// The scenario and, with --against, the changed one. Errors: InputError for what either refuses, and where
/// the command line has an --against that says nothing, such as a shell's unset variable.
std::vector<Side> requested_sides(const scenario::Invocation& invocation,
                                  std::span<const std::string> arguments,
                                  std::span<const scenario::ExtraOption> extra);

/// A side's scenario as it is simulated, by that command line. Errors: InputError where its platform is of
/// another scenario.
scenario::Config on_platform(std::span<const std::string> arguments,
                             std::span<const scenario::ExtraOption> extra, const scenario::Config& real);

/// How many calibrations are made before real runs.
std::size_t calibrations(std::span<const Side> sides);

/// Makes the real runs, those of the sides by turns, each round with the other side first, so that a
/// machine's drift falls on both alike; where they are to be calibrated, with a calibration into `folder`
/// before each round, for a machine's speed drifts. `on_done` hears how many calibrations and runs have
/// ended.
void measure(std::span<Side> sides, std::span<const scenario::ExtraOption> extra, const Launcher& runner,
             const std::filesystem::path& folder, const OnRunDone& on_done);

/// Makes the simulated runs, of every side as many that pairs of them have their draws in common.
void simulate(std::span<Side> sides, const OnRunDone& on_done);

}  // namespace lockstep::study
