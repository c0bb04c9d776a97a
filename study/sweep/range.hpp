#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/options/options.hpp"

namespace lockstep::study {

/// The largest number of values of one range.
inline constexpr std::size_t sweep_range_max = 10'000;

/// Whether a part of an axis is meant as a range: it begins with a digit and has `..` in it.
bool is_sweep_range(std::string_view text);

/// The values of a range, both ends included, as the option renders them:
///
///     10us..10ms:log:7    7 values, each the one before times the same factor
///     1..16:lin:4         4 values, equally far apart
///     1..8                every whole number, for keys that take whole numbers
///
/// All values have the unit of the first end, or of the last where the first is 0, and between the ends they
/// have 6 significant digits in it; keys that take whole numbers get the
/// nearest ones, each once. Errors: InputError naming `--sweep` and the key for anything else, a first end
/// that is not below the second, a log range from 0, and ends that the option refuses.
std::vector<std::string> sweep_range(const scenario::Option& option, std::string_view text);

}  // namespace lockstep::study
