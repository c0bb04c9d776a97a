#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/progress_line.hpp"

namespace lockstep::calibration {

/// Tells on stderr what is being measured and how much time is left.
///
/// It writes between measurements and at most once a second: a calibration is not to measure its own telling.
class Progress {
  public:
    /// Silent.
    Progress() = default;
    explicit Progress(std::function<double()> now_s) : line_(std::move(now_s)) {}

    /// A part that takes about `expected_s`, and all that follows it `later_s`.
    void begin(std::string what, double expected_s, double later_s);
    /// Between two measurements of the part; costs a look at the clock.
    void go_on();
    void finish() { line_.clear(); }

  private:
    void show();

    base::ProgressLine line_;
    std::string what_;
    double expected_end_s_ = 0;
    double later_s_ = 0;
};

}  // namespace lockstep::calibration
