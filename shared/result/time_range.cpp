#include "result/time_range.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/quantile.hpp"

namespace lockstep::result {
namespace {

std::string over(const TimesBeside& beside) {
    std::string text =
        beside.varied.empty() ? "" : fmt::format("{} {}", beside.times_s.size() + 1, beside.varied);
    if (!beside.ends_s.empty())
        text += fmt::format("{}the calibration's uncertainty", text.empty() ? "" : " and ");
    return text;
}

}  // namespace

std::string to_json(const TimesBeside& beside) {
    return nlohmann::ordered_json{
        {"varied", beside.varied}, {"times_s", beside.times_s}, {"ends_s", beside.ends_s}}
        .dump();
}

TimesBeside times_beside_from_json(std::string_view text) {
    try {
        const nlohmann::ordered_json json = base::parse_json(text);
        return {json.at("varied").get<std::string>(), json.at("times_s").get<std::vector<double>>(),
                json.at("ends_s").get<std::vector<double>>()};
    } catch (const std::exception& problem) {
        throw base::InputError(fmt::format("{}: it is none of lockstep's own: {}; unset it",
                                           times_beside_variable, problem.what()));
    }
}

TimeRange time_range(const TimesBeside& beside, double own_s) {
    std::vector<double> alike_s = beside.times_s;
    alike_s.push_back(own_s);
    std::ranges::sort(alike_s);
    TimeRange range{alike_s.size(), over(beside), alike_s.front(), base::quantile(alike_s, 0.5),
                    alike_s.back()};
    for (const double end_s : beside.ends_s) {
        range.lower_s = std::min(range.lower_s, end_s);
        range.upper_s = std::max(range.upper_s, end_s);
    }
    return range;
}

}  // namespace lockstep::result
