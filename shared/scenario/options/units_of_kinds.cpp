#include <cmath>

#include <fmt/format.h>

#include "scenario/options/options.hpp"

namespace lockstep::scenario {
namespace {

std::optional<Quantity> quantity_of(const Kind& kind) {
    return kind.number ? kind.number->quantity : std::nullopt;
}

}  // namespace

std::string_view unit_of_range(const Kind& kind, std::string_view low, std::string_view high) {
    const option::Written first = option::parts_of(quantity_of(kind), low);
    return first.is_quantity && first.number > 0 ? first.unit
                                                 : option::parts_of(quantity_of(kind), high).unit;
}

double size_of_unit(const Kind& kind, std::string_view unit) {
    return option::size_of_unit(quantity_of(kind), unit);
}

std::string text_in_unit(const Kind& kind, const Config& config, std::string_view unit, int digits) {
    if (!quantity_of(kind)) return kind.get(config);
    const double number = kind.number->get(config) / size_of_unit(kind, unit);
    if (!std::isfinite(number)) return kind.get(config);
    return fmt::format("{}{}", std::stod(fmt::format("{:.{}g}", number, digits)), unit);
}

std::string text_as_given(const Kind& kind, const Config& config, std::string_view given) {
    const option::Written written = option::parts_of(quantity_of(kind), given);
    return written.is_quantity ? fmt::format("{}{}", written.number, written.unit) : kind.get(config);
}

}  // namespace lockstep::scenario
