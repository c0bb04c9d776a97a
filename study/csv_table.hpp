#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// Rows of comma-separated values after RFC 4180; every row has as many cells as the first. Empty lines after
/// the last row, as editors and scripts leave them, are none. Errors: InputError naming `file` and the row
/// where it is none.
std::vector<std::vector<std::string>> parse_csv(std::string_view whole, const std::string& file);

}  // namespace lockstep::study
