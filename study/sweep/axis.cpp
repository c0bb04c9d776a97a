#include "study/sweep/axis.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/lists.hpp"
#include "scenario/options/options.hpp"
#include "study/result_option.hpp"
#include "study/sweep/range.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Option;
using Values = std::vector<std::string>;

constexpr std::string_view flag = "--sweep";
constexpr std::string_view form = "KEY=VALUES";
constexpr std::string_view example =
    "write for example --sweep latency=10us,1ms or --sweep workers=1..8 or --sweep 'hidden=64|64,32'";

std::vector<const Option*> parse_keys(std::string_view keys, const std::string& text) {
    std::vector<const Option*> options;
    for (const std::string_view key : option::split_list(keys, '+')) {
        const Option* option = &result_option(key, flag, text, form, "is the same for the whole sweep");
        if (std::ranges::find(options, option) != options.end())
            throw InputError(flag, text, "each key once", fmt::format("{} is there twice", key));
        options.push_back(option);
    }
    return options;
}

scenario::Config config_with(const Option& option, std::string_view text) {
    scenario::Config scratch;
    option.kind.set(scratch, fmt::format("{} {}", flag, option.key), text);
    return scratch;
}

/// The value in the unit in which it is given, else as its option renders it.
std::string as_given(const Option& option, std::string_view text) {
    return scenario::text_as_given(option.kind, config_with(option, text), text);
}

/// The values of one part of VALUES for one key: a range, or what it says.
Values values_of(const Option& option, std::string_view part) {
    if (is_sweep_range(part)) return sweep_range(option, part);
    return {as_given(option, part)};
}

/// A part of VALUES for several keys.
Values tied_values(std::span<const Option* const> options, std::string_view part, const std::string& text) {
    const auto given = option::split_list(part, '+');
    if (given.size() != options.size())
        throw InputError(flag, text, fmt::format("{} values with + between them", options.size()),
                         fmt::format("'{}' has {}", part, given.size()));
    Values values;
    for (std::size_t i = 0; i < options.size(); ++i) values.push_back(as_given(*options[i], given[i]));
    return values;
}

std::string joined(const Values& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : "+") + value;
    return text;
}

/// `known` holds what is there already as the options render it: 1000us is 1ms.
void add_alternative(SweepAxis& axis, Values values, std::set<Values>& known, const std::string& text) {
    Values rendered;
    for (std::size_t i = 0; i < values.size(); ++i)
        rendered.push_back(axis.options[i]->kind.get(config_with(*axis.options[i], values[i])));
    if (!known.insert(std::move(rendered)).second)
        throw InputError(flag, text, "each value once", fmt::format("{} is there twice", joined(values)));
    axis.alternatives.push_back(std::move(values));
}

}  // namespace

bool SweepAxis::varies(std::string_view key) const {
    return std::ranges::any_of(options, [&](const Option* option) { return option->key == key; });
}

SweepAxis parse_sweep_axis(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) throw InputError(flag, text, form, example);
    SweepAxis axis;
    axis.options = parse_keys(std::string_view(text).substr(0, equals), text);
    const std::string_view values = std::string_view(text).substr(equals + 1);
    if (values.empty())
        throw InputError(flag, text, fmt::format("{} with at least one value", form), example);
    const bool may_hold_commas =
        std::ranges::any_of(axis.options, [](const Option* option) { return option->kind.is_list; });
    const bool has_bars = values.find('|') != std::string_view::npos;
    std::set<Values> known;
    for (const std::string_view part : option::split_list(values, may_hold_commas || has_bars ? '|' : ',')) {
        if (axis.options.size() > 1)
            add_alternative(axis, tied_values(axis.options, part, text), known, text);
        else
            for (std::string& value : values_of(*axis.options.front(), part))
                add_alternative(axis, {std::move(value)}, known, text);
    }
    return axis;
}

std::vector<SweepAxis> parse_sweep_axes(const std::string& lines) {
    std::vector<SweepAxis> axes;
    for (const std::string_view line : option::split_list(lines, '\n')) {
        SweepAxis axis = parse_sweep_axis(std::string(line));
        for (const Option* option : axis.options)
            for (const SweepAxis& earlier : axes)
                if (earlier.varies(option->key))
                    throw InputError(flag, line, "each key on one axis",
                                     fmt::format("{} is swept already", option->key));
        axes.push_back(std::move(axis));
    }
    return axes;
}

}  // namespace lockstep::study
