#include "result/time_range.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/quantile.hpp"

namespace lockstep::result {
namespace {

using Json = nlohmann::ordered_json;

bool are_times(const std::vector<double>& times_s, std::size_t most) {
    return times_s.size() <= most &&
           std::ranges::all_of(times_s, [](double time_s) { return std::isfinite(time_s) && time_s > 0; });
}

bool is_ours(const TimesBeside& beside) {
    constexpr std::size_t longest_name = 40;
    constexpr std::size_t most_settings = 40;
    const auto is_setting = [&](const TimesAtEnds& ends) {
        const std::size_t most = beside.times_s.size() + 1;
        return ends.key.size() <= longest_name && are_times(ends.lower_s, most) &&
               are_times(ends.upper_s, most);
    };
    return beside.varied.size() <= longest_name && are_times(beside.times_s, times_beside_max) &&
           beside.settings.size() <= most_settings && std::ranges::all_of(beside.settings, is_setting);
}

TimesBeside fields_of(const Json& json) {
    TimesBeside beside{
        json.at("varied").get<std::string>(), json.at("times_s").get<std::vector<double>>(), {}};
    for (const Json& ends : json.at("settings"))
        beside.settings.push_back({ends.at("key").get<std::string>(),
                                   ends.at("lower_s").get<std::vector<double>>(),
                                   ends.at("upper_s").get<std::vector<double>>()});
    return beside;
}

double median(std::vector<double> times_s) {
    std::ranges::sort(times_s);
    return base::quantile(times_s, 0.5);
}

/// The run itself, and the first of the others.
std::vector<double> alike(const TimesBeside& beside, double own_s, std::size_t count) {
    std::vector<double> times_s{own_s};
    for (const double time_s : std::span(beside.times_s).first(count - 1)) times_s.push_back(time_s);
    return times_s;
}

double change_s(const std::vector<double>& at_end_s, const TimesBeside& beside, double own_s) {
    if (at_end_s.empty()) return 0;
    return median(at_end_s) - median(alike(beside, own_s, at_end_s.size()));
}

}  // namespace

std::string to_json(const TimesBeside& beside) {
    Json settings = Json::array();
    for (const TimesAtEnds& ends : beside.settings)
        settings.push_back(Json{{"key", ends.key}, {"lower_s", ends.lower_s}, {"upper_s", ends.upper_s}});
    return Json{{"varied", beside.varied}, {"times_s", beside.times_s}, {"settings", settings}}.dump();
}

TimesBeside times_beside_from_json(std::string_view text) {
    constexpr std::size_t longest = 65'536;
    try {
        if (text.size() > longest) throw std::invalid_argument("too long");
        TimesBeside beside = fields_of(base::parse_json(text));
        if (!is_ours(beside)) throw std::invalid_argument("no times");
        return beside;
    } catch (const std::exception&) {
        throw base::InputError(fmt::format(
            "{}: it is not what `lockstep sim` tells the program of a run: times of other runs, at "
            "most {}, in seconds above 0; unset it",
            times_beside_variable, times_beside_max));
    }
}

std::optional<TimeRange> time_range(const TimesBeside& beside, double own_s) {
    if (beside.times_s.empty()) return {};
    const std::vector<double> times_s = alike(beside, own_s, beside.times_s.size() + 1);
    const auto [least_s, most_s] = std::ranges::minmax(times_s);
    return TimeRange{times_s.size(), fmt::format("{} {}", times_s.size(), beside.varied), least_s,
                     median(times_s), most_s};
}

std::optional<CalibrationRange> calibration_range(const TimesBeside& beside, double own_s) {
    if (beside.settings.empty()) return {};
    CalibrationRange range;
    double less_s = 0;
    double more_s = 0;
    for (const TimesAtEnds& ends : beside.settings) {
        const double lower_s = change_s(ends.lower_s, beside, own_s);
        const double upper_s = change_s(ends.upper_s, beside, own_s);
        range.settings.push_back({ends.key, lower_s, upper_s});
        less_s = std::hypot(less_s, std::min({lower_s, upper_s, 0.0}));
        more_s = std::hypot(more_s, std::max({lower_s, upper_s, 0.0}));
    }
    const double typical_s = median(alike(beside, own_s, beside.times_s.size() + 1));
    range.lower_s = std::max(typical_s - less_s, 0.0);
    range.upper_s = typical_s + more_s;
    return range;
}

}  // namespace lockstep::result
