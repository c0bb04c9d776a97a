#pragma once

#include <string>

#include "result/checkpoint.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The checkpoint of a run with other workers, for `config`, which is the same run but for --workers: from
/// its parameters on, at the nearest step, the samples are dealt to the workers that there are now. What
/// single workers did, and when, is left behind. `file` stands for the checkpoint in messages.
///
/// Precondition: the checkpoint has a rank for each server, and more. Errors: InputError naming the method
/// where that is not possible (exchange::Method::others_may_go_on), and for --record.
result::Checkpoint dealt_anew(const result::Checkpoint& checkpoint, const scenario::Config& config,
                              const Problem& problem, const std::string& file);

}  // namespace lockstep::run
