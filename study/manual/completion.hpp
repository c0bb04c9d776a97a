#pragma once

#include <string>

namespace lockstep::study {

/// Shell scripts that complete lockstep's commands, the keys of each, and values: names where a key has a
/// choice of them, files and folders where it takes these. To be sourced by bash 4 or later.
std::string bash_completion();

/// To be put as `_lockstep` into a folder of zsh's $fpath.
std::string zsh_completion();

}  // namespace lockstep::study
