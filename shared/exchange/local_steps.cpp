#include "exchange/local_steps.hpp"

#include <limits>
#include <string>

#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// A whole number of steps from 1 on, or `epoch` or `once`.
option::Value<Period> period_value() {
    const std::string allowed = option::describe(option::from_one) + ", epoch, or once";
    const auto read = [=](std::string_view subject, std::string_view text) {
        Period value;
        if (text == "epoch")
            value.unit = Period::Unit::epoch;
        else if (text == "once")
            value.unit = Period::Unit::once;
        else
            value.steps = option::parse_whole(subject, text, option::from_one, allowed);
        return value;
    };
    const auto write = [](const Period& value) -> std::string {
        if (value.unit == Period::Unit::epoch) return "epoch";
        if (value.unit == Period::Unit::once) return "once";
        return std::to_string(value.steps);
    };
    const auto number_of = [](const Period& value) {
        return value.unit == Period::Unit::steps ? static_cast<double>(value.steps)
                                                 : std::numeric_limits<double>::quiet_NaN();
    };
    const auto of_number = [](double number) {
        return Period{Period::Unit::steps, static_cast<std::size_t>(number)};
    };
    return {.placeholder = "STEPS",
            .allowed = allowed,
            .choices = {},
            .read = read,
            .write = write,
            .number = option::Value<Period>::AsNumber{true, number_of, of_number}};
}

}  // namespace

std::vector<option::Option<LocalSteps>> LocalSteps::options() {
    return {
        {"period", option::of(&LocalSteps::period, period_value()),
         "Steps that workers take on their own between two exchanges, or between two across the groups of "
         "hierarchical; epoch: once an epoch (iterative parameter mixing); once: at the end (one-shot "
         "averaging)."}};
}

}  // namespace lockstep::exchange
