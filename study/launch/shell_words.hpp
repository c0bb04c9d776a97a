#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// `text` as words of a POSIX shell: quotes, backslashes, and `~/` for the folder of $HOME at the beginning
/// of a word; no patterns, and no variables. `option` is named in the InputError that `$`, backquotes and
/// `|&;<>(){}` end in where they are not quoted, and quotes without an end.
std::vector<std::string> split_words(std::string_view option, std::string_view text);

/// A word as a shell takes it: split_words() of it is that one word.
std::string quoted_for_shell(std::string_view word);

}  // namespace lockstep::study
