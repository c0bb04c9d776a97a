#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "result/estimate.hpp"
#include "scenario/parse.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/runs.hpp"

namespace lockstep::study {

/// What several runs will take together.
struct Forecast {
    std::size_t runs = 0;
    std::size_t rehearsed = 0;  ///< of them; the others are taken to be like these
    std::size_t at_once = 1;
    result::Estimate total;  ///< memory: of those at once, each as the largest
};

/// Rehearses the runs, or some evenly chosen ones of many, as many at once as the runs will be. Cost: a
/// second or a few for each, up to about 20 s. Errors: InputError, EnvironmentError where a rehearsal fails,
/// Interrupted.
Forecast forecast(std::span<const scenario::Config> runs, const Parallelism& parallelism,
                  const Launcher& launcher);

std::string to_text(const Forecast& forecast, World world);
std::string to_csv(const Forecast& forecast);
std::string to_json(const Forecast& forecast);

/// Whether the user asks by --estimate for that in place of the runs.
bool asks_for_estimate(const scenario::Invocation& invocation);
/// Prints it as the invocation's --format says. Returns 0.
int show_estimate(const scenario::Invocation& invocation, std::span<const scenario::Config> runs,
                  const Parallelism& parallelism, const Launcher& launcher);
/// The same, of as many at once as do_runs() does.
int show_estimate(const scenario::Invocation& invocation, std::span<const scenario::Config> runs,
                  const Launcher& launcher);

}  // namespace lockstep::study
