#include "scenario/checkpoint_interval.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "option/quantity.hpp"
#include "option/values.hpp"

namespace lockstep::scenario {
namespace {

constexpr option::WholeRange epochs{1, 1'000'000};
constexpr option::QuantityRange times{"1us", "1000h"};
constexpr std::string_view automatic = "auto";

/// What stands before `epochs` or `epoch`; nothing where the text is no number of them.
std::optional<std::string_view> number_of_epochs(std::string_view text) {
    for (const std::string_view unit : {"epochs", "epoch"})
        if (text.ends_with(unit)) return text.substr(0, text.size() - unit.size());
    return std::nullopt;
}

}  // namespace

option::Value<std::optional<CheckpointInterval>> checkpoint_interval() {
    const std::string allowed =
        fmt::format("auto, {}, or a time from {} to {}", "1epochs to 1000000epochs", times.low, times.high);
    const auto read = [=](std::string_view subject,
                          std::string_view text) -> std::optional<CheckpointInterval> {
        if (text == automatic) return std::nullopt;
        if (const auto number = number_of_epochs(text))
            return option::parse_whole(subject, *number, epochs, allowed);
        return option::parse_quantity(subject, text, option::Quantity::time, times);
    };
    const auto write = [](const std::optional<CheckpointInterval>& value) -> std::string {
        if (!value) return std::string(automatic);
        if (const auto* number = std::get_if<std::uint64_t>(&*value)) return fmt::format("{}epochs", *number);
        return option::render_quantity(option::Quantity::time, std::get<double>(*value));
    };
    return {.placeholder = "TIME|EPOCHS", .allowed = allowed, .choices = {}, .read = read, .write = write};
}

}  // namespace lockstep::scenario
