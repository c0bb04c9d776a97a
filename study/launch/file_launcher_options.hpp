#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "study/launch/rank_launcher.hpp"

namespace lockstep::study {

/// What a scenario file may choose of --launcher and --launcher-args. Files are passed on, and launchers run
/// commands that their options name: so a file may choose launchers by name and say where ranks are to be;
/// all else must be said on the command line, by who starts the run.
///
/// Errors: InputError naming `file`, the key, and what is not allowed.
void require_launcher_of_file(std::string_view file, const std::string& launcher);

/// Letters that no shell would take for anything but themselves: variables are not for files either, which
/// could set them. Before the text is split.
void require_plain_args_of_file(std::string_view file, const std::string& text);

/// The words of that text are options that a launcher of this kind knows, each with as many values as it
/// takes: what is no value would be the program.
void require_args_of_file(std::string_view file, RankLauncher::Kind kind,
                          const std::vector<std::string>& words);

}  // namespace lockstep::study
