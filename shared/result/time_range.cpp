#include "result/time_range.hpp"

#include <algorithm>
#include <cmath>
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

bool is_ours(const TimesBeside& beside) {
    constexpr std::size_t longest_name = 40;
    constexpr std::size_t most_ends = 2;
    const auto is_time = [](double time_s) { return std::isfinite(time_s) && time_s > 0; };
    return beside.varied.size() <= longest_name && beside.times_s.size() <= times_beside_max &&
           beside.ends_s.size() <= most_ends && std::ranges::all_of(beside.times_s, is_time) &&
           std::ranges::all_of(beside.ends_s, is_time);
}

}  // namespace

std::string to_json(const TimesBeside& beside) {
    return nlohmann::ordered_json{
        {"varied", beside.varied}, {"times_s", beside.times_s}, {"ends_s", beside.ends_s}}
        .dump();
}

TimesBeside times_beside_from_json(std::string_view text) {
    constexpr std::size_t longest = 65'536;
    try {
        if (text.size() > longest) throw std::invalid_argument("too long");
        const nlohmann::ordered_json json = base::parse_json(text);
        TimesBeside beside{json.at("varied").get<std::string>(),
                           json.at("times_s").get<std::vector<double>>(),
                           json.at("ends_s").get<std::vector<double>>()};
        if (!is_ours(beside)) throw std::invalid_argument("no times");
        return beside;
    } catch (const std::exception&) {
        throw base::InputError(fmt::format(
            "{}: it is not what `lockstep sim` tells the program of a run: times of other runs, at "
            "most {}, in seconds above 0; unset it",
            times_beside_variable, times_beside_max));
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
