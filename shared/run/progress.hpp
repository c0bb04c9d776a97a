#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "base/progress_line.hpp"

namespace lockstep::run {

/// One line on stderr that is overwritten as training goes on: epoch, loss, samples a second and time left,
/// all in wall time of this machine, also where the training's own time is simulated.
class Progress {
  public:
    struct State {
        std::uint64_t epoch;  ///< from 1
        std::uint64_t epochs;
        std::uint64_t step;  ///< done, of this worker
        std::uint64_t steps;
        std::uint64_t samples;  ///< done, of all workers if they are as far as this one
        double loss;            ///< of the last batch
    };

    /// Silent.
    Progress() = default;
    /// `wall_clock_s` tells seconds since any fixed moment. The clock starts with the first show().
    explicit Progress(std::function<double()> wall_clock_s) : wall_clock_s_(std::move(wall_clock_s)) {}
    /// Silent; `observer` hears of every step.
    explicit Progress(std::function<void(const State&)> observer) : observer_(std::move(observer)) {}

    /// Prints at most ten times a second.
    void show(const State& state);
    /// Wipes the line.
    void finish();

  private:
    std::function<void(const State&)> observer_;
    std::function<double()> wall_clock_s_;
    std::optional<base::ProgressLine> line_;
    double shown_s_ = 0;
};

}  // namespace lockstep::run
