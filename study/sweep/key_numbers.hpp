#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// The values of a swept key as numbers, for an axis.
struct KeyNumbers {
    std::vector<double> numbers;
    std::string unit;  ///< of all of them; may be empty

    /// `bandwidth (Mbps)`, or the key alone.
    std::string title(std::string_view key) const;
};

/// `values` in their order, all in the unit that the smallest has, or the largest where that is 0
/// (scenario::unit_of_range); nothing where one of them, or what the key takes, is no number.
std::optional<KeyNumbers> key_numbers(std::string_view key, std::span<const std::string> values);

}  // namespace lockstep::study
