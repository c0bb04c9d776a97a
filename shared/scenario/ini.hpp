#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::scenario {

struct IniEntry {
    std::string key;
    std::string value;  ///< without surrounding blanks; may be empty
    std::size_t line;   ///< from 1
};

/// Lines of `key = value`. A comment opens with `#` or `;` at the start of the line or after a blank. Keys
/// are not checked. Throws InputError naming `source` and the line for sections, lines without `=` and lines
/// without a key.
std::vector<IniEntry> read_ini(std::string_view source, std::string_view content);

}  // namespace lockstep::scenario
