#pragma once

#include <string>
#include <string_view>

#include "result/result.hpp"

namespace lockstep::result {

/// The value of `format` in every result that is written.
inline constexpr std::string_view json_format = "lockstep-result-2";
/// Read as well. It had other `samples_per_s`: of all samples computed, with those that were dropped.
inline constexpr std::string_view first_json_format = "lockstep-result-1";

/// Pretty-printed, keys in a fixed order (docs/formats/result.md), a newline at the end. Numbers read back to
/// the same value; NaN and infinities are `null`. `updates` are left out: they are the rows of updates.csv.
std::string to_json(const Result& result);

/// All that to_json() writes; `null` is NaN. Throws InputError naming `source` (a file, or what a program
/// printed) where the text is not JSON, is of another format, or a field is missing, unknown in `config`, or
/// of the wrong type. Fields added since an older result was written are as in a Result that nobody has
/// filled, keys of `config` have their defaults, and all samples computed count as applied.
Result from_json(std::string_view text, std::string_view source);

}  // namespace lockstep::result
