#include "run/progress.hpp"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::run {
namespace {

constexpr double interval_s = 0.1;
constexpr const char* wipe = "\r\033[K";

}  // namespace

void Progress::show(const State& state) {
    if (!wall_clock_s_) return;
    const double now_s = wall_clock_s_();
    if (!std::exchange(started_, true)) began_s_ = shown_s_ = now_s;
    if (now_s - shown_s_ < interval_s) return;
    shown_s_ = now_s;
    const double spent_s = now_s - began_s_;
    const double left_s =
        spent_s / static_cast<double>(state.step) * static_cast<double>(state.steps - state.step);
    fmt::print(stderr, "{}epoch {}/{}  loss {:.4f}  {:.0f} samples/s  {} left", wipe, state.epoch,
               state.epochs, state.loss, static_cast<double>(state.samples) / spent_s,
               base::format_time(left_s));
    std::fflush(stderr);
}

void Progress::finish() const {
    if (!started_) return;
    fmt::print(stderr, "{}", wipe);
    std::fflush(stderr);
}

}  // namespace lockstep::run
