#include "scenario/slowness.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/words.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

constexpr double shortest_s = 1e-9;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A window in which something is so, then not: what to multiply by and when that changes next.
void enter_window(Slowness::Piece& piece, double time_s, double from_s, double to_s, double factor) {
    if (time_s < from_s) {
        piece.until_s = std::min(piece.until_s, from_s);
    } else if (time_s < to_s) {
        piece.factor *= factor;
        piece.until_s = std::min(piece.until_s, to_s);
    }
}

template <typename Event>
std::vector<Event> of_worker(const std::vector<Event>& events, std::size_t worker) {
    std::vector<Event> own;
    std::ranges::copy_if(events, std::back_inserter(own),
                         [&](const Event& event) { return event.worker == worker; });
    return own;
}

}  // namespace

SpeedCurve SpeedCurve::read(const std::string& file) {
    const std::string content = base::read_file(file, base::most_of_settings);
    std::string_view rest = content;
    SpeedCurve curve;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const auto words = base::words_of(line);
        if (words.empty() || words[0].starts_with('#')) continue;
        const auto require = [&](bool holds, std::string_view remedy) {
            if (!holds)
                throw InputError(fmt::format("{}:{}", file, number), line,
                                 "lines TIME SPEED, in growing seconds and as a share of full speed, then "
                                 "perhaps LOOPAFTER SECONDS",
                                 remedy);
        };
        require(words.size() == 2, "write two words");
        require(curve.period_s_ == for_ever_s, "LOOPAFTER ends the file");
        const bool is_loop = words[0] == "LOOPAFTER" || words[0] == "PERIODICITY";
        const double first = is_loop ? 0 : base::number_from(0, words[0]).value_or(none);
        const double second = base::number_from(0, words[1]).value_or(none);
        require(!std::isnan(first) && !std::isnan(second), "write numbers of at least 0");
        if (is_loop) {
            const bool ever_runs =
                std::ranges::any_of(curve.points_, [](auto& point) { return point.second > 0; });
            require(ever_runs && second >= shortest_s,
                    "repeat something with a speed above 0, after 1e-9 s or more");
            curve.period_s_ = curve.points_.back().first + second;
            require(!changes_too_often(curve.period_s_, curve.points_.size()),
                    fmt::format("let it last {} s or more for each of its lines", shortest_change_s));
        } else {
            require(curve.points_.empty() || first > curve.points_.back().first, "sort the lines by time");
            curve.points_.emplace_back(first, second);
        }
    }
    if (curve.points_.empty()) throw InputError(file, "no line", "at least one line TIME SPEED");
    return curve;
}

std::pair<double, double> SpeedCurve::at(double time_s) const {
    double start_s = 0;  // of the current repetition
    if (period_s_ < for_ever_s) {
        start_s = period_s_ * std::floor(time_s / period_s_);
        if (time_s >= start_s + period_s_) start_s += period_s_;  // the quotient was rounded down
    }
    const auto next = std::ranges::upper_bound(points_, time_s, {},
                                               [&](const auto& point) { return start_s + point.first; });
    double speed = 1;
    if (next != points_.begin())
        speed = std::prev(next)->second;
    else if (start_s > 0)
        speed = points_.back().second;
    return {speed, next == points_.end() ? start_s + period_s_ : start_s + next->first};
}

Slowness::Slowness(const Config& config, std::size_t worker)
    : stragglers_(of_worker(config.stragglers, worker)),
      pauses_(of_worker(config.pauses, worker)),
      failures_(of_worker(config.failures, worker)) {
    for (const SpeedProfile& profile : of_worker(config.speed_profiles, worker))
        curves_.push_back(SpeedCurve::read(profile.file));
}

bool Slowness::is_none() const {
    return stragglers_.empty() && pauses_.empty() && failures_.empty() && curves_.empty();
}

Slowness::Piece Slowness::at(double time_s) const {
    Piece piece{1, for_ever_s};
    for (const Straggler& straggler : stragglers_)
        enter_window(piece, time_s, straggler.from_s, straggler.to_s, straggler.factor);
    constexpr Piece never{for_ever_s, for_ever_s};
    for (const Failure& failure : failures_) {
        if (time_s >= failure.at_s && std::isinf(failure.back_s)) return never;
        enter_window(piece, time_s, failure.at_s, failure.back_s, for_ever_s);
    }
    for (const Pause& pause : pauses_) {
        double start_s = pause.from_s;
        if (time_s > start_s) start_s += pause.every_s * std::floor((time_s - pause.from_s) / pause.every_s);
        if (time_s >= start_s + pause.every_s) start_s += pause.every_s;  // the quotient was rounded down
        enter_window(piece, time_s, start_s, start_s + pause.length_s, for_ever_s);
        if (time_s >= start_s + pause.length_s)
            piece.until_s = std::min(piece.until_s, start_s + pause.every_s);
    }
    for (const SpeedCurve& curve : curves_) {
        const auto [speed, until_s] = curve.at(time_s);
        if (speed <= 0 && std::isinf(until_s)) return never;
        piece.factor *= speed > 0 ? 1 / speed : for_ever_s;
        piece.until_s = std::min(piece.until_s, until_s);
    }
    return piece;
}

Slowness::Duration Slowness::duration(double from_s, double work_s) const {
    Duration duration{0, 0};
    double time_s = from_s;
    while (work_s > 0 && time_s < for_ever_s) {
        const auto [factor, until_s] = at(time_s);
        const bool stands = std::isinf(factor);
        const bool ends_here = !stands && time_s + work_s * factor <= until_s;
        const double spent_s = ends_here ? work_s * factor : until_s - time_s;
        duration.total_s += spent_s;
        if (stands) duration.standing_s += spent_s;
        if (ends_here) return duration;
        if (!stands) work_s -= spent_s / factor;
        time_s = until_s;
    }
    return duration;
}

}  // namespace lockstep::scenario
