#include "run/progress.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::run {
namespace {

constexpr double interval_s = 0.1;

}  // namespace

void Progress::show(const State& state) {
    if (observer_) observer_(state);
    if (!wall_clock_s_) return;
    if (!line_) line_.emplace(wall_clock_s_);
    const double elapsed_s = line_->elapsed_s();
    if (elapsed_s - shown_s_ < interval_s) return;
    shown_s_ = elapsed_s;
    const base::WorkDone steps{static_cast<double>(state.step), static_cast<double>(state.steps - state.step),
                               elapsed_s};
    line_->forewarn(steps);
    line_->show({fmt::format("epoch {}/{}", state.epoch, state.epochs),
                 std::isnan(state.loss)
                     ? std::string()
                     : fmt::format("loss {}", base::format_number(state.loss, {.decimals = 4})),
                 base::format_rate({static_cast<double>(state.samples), 0, elapsed_s}, "samples"),
                 base::format_time_left(steps)});
}

void Progress::finish() {
    if (line_) line_->clear();
}

}  // namespace lockstep::run
