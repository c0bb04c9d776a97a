#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/fields.hpp"
#include "result/text_table.hpp"
#include "study/break_even/break_even.hpp"

namespace lockstep::study {
namespace {

constexpr double jump = 0.01;  // two times further apart than this are not called equal

/// All times of the table in one unit, to the digits in which they are told apart.
base::ColumnUnit unit_of(const BreakEven& found) {
    std::vector<double> times_s{found.low.subject_s, found.low.against_s, found.high.subject_s,
                                found.high.against_s};
    base::ColumnUnit unit = base::column_of_times(times_s);
    unit.digits.significant = 6;
    return unit;
}

std::string verdict(const BreakEvenRequest& request, int order) {
    if (order == 0) return "both are equal";
    if (order < 0) return fmt::format("{} is faster", request.subject_label);
    return request.against ? fmt::format("{} is faster", request.against_label)
                           : fmt::format("{} is slower", request.subject_label);
}

std::string equality(const BreakEvenRequest& request) {
    const bool is_run = request.against.has_value();
    switch (request.measure) {
        case Measure::time:
            return is_run ? "takes as long as" : "takes";
        case Measure::time_to_target:
            return is_run ? "reaches the target at the same time as" : "reaches the target after";
        case Measure::time_per_sample:
            return is_run ? "takes as long for a sample as" : "takes for a sample";
    }
    return {};
}

std::string answer(const BreakEvenRequest& request, const BreakEven& found) {
    const std::string_view key = request.option->key;
    const std::string below = verdict(request, found.low.order());
    const std::string above = verdict(request, found.high.order());
    if (!found.found)
        return fmt::format("no break-even between {} {} and {}: {} throughout", key, found.low.text,
                           found.high.text, below);
    const BreakEvenPoint& point = *found.found;
    if (request.option->kind.number->is_whole && point.order() != 0)
        return fmt::format("from {} {} on {}; below, {}", key, point.text, above, below);
    const double apart_s = std::abs(point.subject_s - point.against_s);
    if (!(apart_s <= jump * std::min(point.subject_s, point.against_s)))
        return fmt::format(
            "the order changes at {} {}, but in a jump: there may be other such places; at the low end {}, "
            "at the high end {}",
            key, point.text, below, above);
    return fmt::format("{} {} {} at {} {}; below, {}; above, {}", request.subject_label, equality(request),
                       request.against_label, key, point.text, below, above);
}

}  // namespace

std::string to_text(const BreakEvenRequest& request, const BreakEven& found) {
    result::TextTable table(
        {{std::string(request.option->key)}, {request.subject_label}, {request.against_label}});
    const base::ColumnUnit unit = unit_of(found);
    const auto shown = [&](double time_s) {
        return std::isfinite(time_s) ? unit.format(time_s) : std::string(result::never);
    };
    const auto add = [&](const BreakEvenPoint& point) {
        table.add_row({point.text, shown(point.subject_s), shown(point.against_s)});
    };
    add(found.low);
    if (found.found && found.found->value != found.low.value && found.found->value != found.high.value)
        add(*found.found);
    add(found.high);
    return fmt::format("{}\n{}\nMeasure: {}. Simulated runs: {}.\n", base::in_lines(answer(request, found)),
                       table.render(), name(request.measure), found.runs);
}

}  // namespace lockstep::study
