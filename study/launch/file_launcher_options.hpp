#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// What a scenario file may choose of --launcher and --launcher-args. Files are passed on, and launchers run
/// commands that their options name: so a file may choose launchers by name and say where ranks are to be;
/// all else must be said on the command line, by who starts the run.
///
/// Errors: InputError naming `file`, the key, and the first word that is none of these.
void require_launcher_of_file(std::string_view file, const std::string& launcher);
void require_launcher_words_of_file(std::string_view file, const std::vector<std::string>& words);

}  // namespace lockstep::study
