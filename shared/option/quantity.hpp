#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "option/kind.hpp"

namespace lockstep::option {

/// Quantities from `low` to `high`, both included and with a unit, as a user would write them: 0s, 1h.
struct QuantityRange {
    std::string_view low;   ///< a literal: it must outlive the option table
    std::string_view high;  ///< likewise
};
Value<double> quantity(Quantity quantity, QuantityRange range);
/// The same, or `none`.
Value<std::optional<double>> quantity_or_none(Quantity quantity, QuantityRange range);
/// Comma-separated quantities of `range`, or nothing.
Value<std::vector<double>> quantity_list(Quantity quantity, QuantityRange range);

double parse_quantity(std::string_view subject, std::string_view text, Quantity quantity,
                      QuantityRange range);

/// The shortest text, over all units, that parses back to exactly `value`: 50e-6 s is `50us`, 1.25e8 B/s is
/// `1Gbps`.
std::string render_quantity(Quantity quantity, double value);

/// A text such as `12.5ms` in its two parts.
struct Written {
    double number = 0;
    std::string_view unit;     ///< of the text
    bool is_quantity = false;  ///< else there is no number, or no such unit
};
/// Nothing is a quantity where there is none.
Written parts_of(std::optional<Quantity> quantity, std::string_view text);

/// How large a unit of this quantity is, in base units; 1 where it has none of that name.
double size_of_unit(std::optional<Quantity> quantity, std::string_view unit);

}  // namespace lockstep::option
