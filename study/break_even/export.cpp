#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "study/break_even/break_even.hpp"
#include "study/csv_lines.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

/// Who is faster: `subject`, `against` or `neither`.
std::string_view the_faster(const BreakEvenPoint& point) {
    return point.order() < 0 ? "subject" : point.order() > 0 ? "against" : "neither";
}

Json time_value(double time_s) {
    return std::isfinite(time_s) ? Json(time_s) : Json();
}

Json point_object(const BreakEvenPoint& point) {
    return {{"value", point.value},
            {"text", point.text},
            {"subject_s", time_value(point.subject_s)},
            {"against_s", time_value(point.against_s)},
            {"faster", the_faster(point)}};
}

}  // namespace

std::string to_csv(const BreakEvenRequest& request, const BreakEven& found) {
    const auto& point = found.found;
    const auto if_found = [&](double value) { return point ? csv_number(value) : std::string(); };
    const BreakEvenPoint there = point.value_or(BreakEvenPoint{});
    return csv_lines({{{"key", std::string(request.option->key)},
                       {"subject", request.subject_label},
                       {"against", request.against_label},
                       {"measure", std::string(name(request.measure))},
                       {"break_even", if_found(there.value)},
                       {"break_even_text", there.text},
                       {"subject_s", if_found(there.subject_s)},
                       {"against_s", if_found(there.against_s)},
                       {"low", csv_number(found.low.value)},
                       {"low_subject_s", csv_number(found.low.subject_s)},
                       {"low_against_s", csv_number(found.low.against_s)},
                       {"low_faster", std::string(the_faster(found.low))},
                       {"high", csv_number(found.high.value)},
                       {"high_subject_s", csv_number(found.high.subject_s)},
                       {"high_against_s", csv_number(found.high.against_s)},
                       {"high_faster", std::string(the_faster(found.high))},
                       {"runs", fmt::format("{}", found.runs)}}});
}

std::string to_json(const BreakEvenRequest& request, const BreakEven& found) {
    const auto& point = found.found;
    const Json json{{"format", "lockstep-break-even-1"},
                    {"key", request.option->key},
                    {"subject", request.subject_label},
                    {"against", request.against_label},
                    {"measure", name(request.measure)},
                    {"tolerance", request.tolerance},
                    {"break_even", point ? Json(point->value) : Json()},
                    {"break_even_text", point ? Json(point->text) : Json()},
                    {"at_break_even", point ? point_object(*point) : Json()},
                    {"at_low", point_object(found.low)},
                    {"at_high", point_object(found.high)},
                    {"runs", found.runs}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
