#pragma once

#include <span>
#include <string>
#include <vector>

#include "result/checkpoint_folder.hpp"

namespace lockstep::study {

/// `lockstep resume DIR [--key value ...]`. Returns the exit status, as run_simulated and run_real do. Throws
/// base::Error, Interrupted.
int run_resume(std::span<const std::string> arguments);

/// The command line of `lockstep sim` or `real` that goes on from a checkpoint of that folder: the options of
/// the run that wrote it, but for those that the user's words give again, the folder, and these words.
/// Errors: InputError where the words name a scenario file or another folder, are no options of a run, or the
/// checkpoint has an option that no run has: what starts programs is the user's to say.
std::vector<std::string> words_of_resumption(const result::FoundCheckpoint& found, const std::string& folder,
                                             std::span<const std::string> users);

}  // namespace lockstep::study
