#pragma once

#include <span>
#include <string_view>

#include "scenario/parse.hpp"
#include "study/launch/launcher.hpp"

namespace lockstep::study {

/// Everything about a run that can be checked before it is started: scenario::validate(), what the world
/// cannot do, the data's files and headers, and that a batch fits into a worker's part. Throws InputError.
void check_scenario(const scenario::Invocation& invocation, World world);

/// The same for several runs of one scenario, and that every key given on the command line has an effect on
/// some of them. `what` is what a run is in the message: `row of the table`. Throws InputError.
void check_scenarios(const scenario::Invocation& invocation, std::span<const scenario::Config> configs,
                     World world, std::string_view what);

/// Refuses --record, --checkpoint and --paje with a command of several runs, which would write one file, and,
/// where these differ in method, --replay, which is of one method. Throws InputError.
enum class Replays { allowed, refused };
void refuse_order_files(const scenario::Invocation& invocation, std::string_view command, Replays replays);

}  // namespace lockstep::study
