#include "calibration/progress.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lockstep::calibration {
namespace {

constexpr double interval_s = 1;

}  // namespace

void Progress::begin(std::string what, double expected_s, double later_s) {
    if (!line_.is_shown()) return;
    what_ = std::move(what);
    expected_end_s_ = line_.elapsed_s() + expected_s;
    later_s_ = later_s;
    show();
}

void Progress::go_on() {
    if (line_.is_due(interval_s)) show();
}

void Progress::show() {
    const double left_s = std::max(expected_end_s_ - line_.elapsed_s(), 0.0) + later_s_;
    line_.show({fmt::format("measuring {}", what_), base::format_time_left(left_s)});
}

}  // namespace lockstep::calibration
