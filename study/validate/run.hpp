#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "study/launch/launcher.hpp"
#include "study/launch/runs.hpp"
#include "study/validate/request.hpp"

namespace lockstep::study {

/// What calibrate() calls `lockstep` with, for the arguments of `lockstep validate` that `config` came of;
/// without where to write to, and for how long to measure.
std::vector<std::string> calibration_arguments(std::span<const std::string> arguments,
                                               const scenario::Config& config);

/// Measures this machine for the scenario by `lockstep calibrate`, a child process with the same arguments,
/// in about `budget_s` seconds; returns the file for --platform, `name` in `folder`. Errors: InputError where
/// it refuses its input, EnvironmentError where it fails, Interrupted.
std::filesystem::path calibrate(std::span<const std::string> arguments, const scenario::Config& config,
                                const std::filesystem::path& folder, const std::string& name,
                                double budget_s);

/// Real runs of the scenario that are still to be made; `out` is where each leaves its folder, or empty.
/// `prefix` opens their names.
std::vector<Run> planned_real_runs(const scenario::Config& config, std::size_t repeats,
                                   const std::filesystem::path& out, std::string_view prefix = {});

/// The same of simulated ones: one on each platform. On a single platform that draws at random there are
/// `repeats`, with platform seeds counted from --platform-seed, or from 1; so they are on several. Where
/// nothing is drawn, or what the emulated processors of every real run draw too, and the result depends on
/// timing, they are as many, whose ties end otherwise (alike()).
std::vector<Run> planned_simulated_runs(std::span<const scenario::Config> platforms, std::size_t repeats,
                                        const std::filesystem::path& out, std::string_view prefix = {});

/// Does them. Errors: InputError where one refuses its input or measures nothing, EnvironmentError where one
/// fails, Interrupted.
void make_runs(std::span<Run> runs, const Launcher& launcher, const OnRunDone& on_run_done);

}  // namespace lockstep::study
