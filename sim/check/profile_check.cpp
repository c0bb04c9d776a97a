#include "sim/check/profile_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/words.hpp"
#include "option/lists.hpp"
#include "scenario/slowness.hpp"

namespace lockstep::sim {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void check_profile(const ProfileText& profile) {
    std::string_view content = profile.content;
    double periodicity_s = profile.periodicity_s;
    bool repeats = periodicity_s > 0;
    double pause_s = 0;  // from the last line to the next repetition
    double last_s = 0;
    std::size_t changes = 0;
    for (std::size_t number = 1; !content.empty(); ++number) {
        const std::string_view line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(line.size() + 1, content.size()));
        const std::vector<std::string_view> words = base::words_of(line);
        if (words.empty() || words[0].front() == '#' || words[0].front() == '%') continue;
        if (words[0] == "STOCHASTIC") return;
        const auto require = [&](bool holds, std::string_view allowed) {
            if (!holds)
                throw std::invalid_argument(fmt::format("profile {}, line {}: given '{}'; allowed: {}",
                                                        profile.name, number, option::joined(words, " "),
                                                        allowed));
        };
        const double second = words.size() > 1 ? base::number_from(0, words[1]).value_or(none) : none;
        if (words[0] == "PERIODICITY" || words[0] == "LOOPAFTER") {
            require(!std::isnan(second), "a number of seconds of at least 0");
            (words[0] == "PERIODICITY" ? periodicity_s : pause_s) = second;
            repeats = true;
            continue;
        }
        const double at_s = base::number_from(0, words[0]).value_or(none);
        require(!std::isnan(at_s) && !std::isnan(second), "SECONDS VALUE, two numbers of at least 0");
        require(!profile.is_of_latency || second > 0, "a latency above 0, such as 1e-9");
        require(at_s >= last_s, "lines in the order of their times");
        last_s = at_s;
        ++changes;
    }
    const double period_s = periodicity_s > 0 ? periodicity_s : last_s + pause_s;
    if (!repeats) return;
    changes = std::max<std::size_t>(changes, 1);
    if (scenario::changes_too_often(period_s, changes))
        throw std::invalid_argument(fmt::format(
            "profile {} repeats itself after {:g} s; it must be {:g} s or more for each of its {} line{}",
            profile.name, period_s, scenario::shortest_change_s, changes, changes == 1 ? "" : "s"));
    if (period_s < last_s)
        throw std::invalid_argument(
            fmt::format("profile {} repeats itself after {:g} s, before its last line of {:g} s",
                        profile.name, period_s, last_s));
}

}  // namespace lockstep::sim
