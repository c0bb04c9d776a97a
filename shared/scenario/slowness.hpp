#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// Between two changes of a speed, or two pauses, at least this long passes in the mean where they repeat for
/// ever: each takes its time to simulate.
inline constexpr double shortest_change_s = 10e-6;
/// Whether so many changes that repeat after that time are too many.
constexpr bool changes_too_often(double period_s, std::size_t changes) {
    constexpr double rounding = 1e-9;  // of times with units
    return period_s < (1 - rounding) * shortest_change_s * static_cast<double>(changes);
}

/// A speed over time, from a file of lines `TIME SPEED`: from that many seconds on, that share of full speed;
/// full speed before the first. An empty line or one that opens with `#` says nothing. A last line `LOOPAFTER
/// SECONDS` repeats all, shifted by the last time and that many seconds, for ever.
///
/// Example: `0 1`, `2 0.5`, `LOOPAFTER 1`: full speed for 2 s, half of it for 1 s, full for 2 s ...
class SpeedCurve {
  public:
    /// Throws InputError naming file and line.
    static SpeedCurve read(const std::string& file);

    /// The speed at a moment and the moment of the next change (infinite: none).
    std::pair<double, double> at(double time_s) const;

  private:
    std::vector<std::pair<double, double>> points_;  ///< time, speed
    double period_s_ = for_ever_s;
};

/// How much longer than usual a worker's processor needs at each moment: what --straggler, --pause, --failure
/// and --speed-profile make of it together, piece by piece constant.
class Slowness {
  public:
    /// 1 for ever.
    Slowness() = default;
    /// Of one worker. Throws InputError for a profile that cannot be read.
    Slowness(const Config& config, std::size_t worker);

    struct Piece {
        double factor;   ///< infinite where it stands still
        double until_s;  ///< infinite: for ever
    };
    /// `time_s` counts from the start of the clock.
    Piece at(double time_s) const;

    struct Duration {
        double total_s;
        double standing_s;  ///< in which the processor stands still; a part of it
    };
    /// What takes `work_s` at full speed, begun at `from_s`; infinite where it stands still for good.
    Duration duration(double from_s, double work_s) const;

    /// Whether the factor is 1 for ever.
    bool is_none() const;

  private:
    std::vector<Straggler> stragglers_;
    std::vector<Pause> pauses_;
    std::vector<Failure> failures_;
    std::vector<SpeedCurve> curves_;
};

}  // namespace lockstep::scenario
