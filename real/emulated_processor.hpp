#pragma once

#include "backend/backend.hpp"
#include "base/function_ref.hpp"
#include "scenario/processors.hpp"
#include "scenario/slowness.hpp"

namespace lockstep::real {

/// Time that passes, and how to let it pass.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual double now_s() = 0;
    /// Returns at that moment or later.
    virtual void sleep_until(double time_s) = 0;
};

/// A rank's processor that takes the time of a slower one: arithmetic runs for real, then the rank sleeps.
///
/// What is asked and what is spent are balanced over all pieces: a sleep that ended late, or arithmetic that
/// took longer than asked, makes the next sleeps shorter, and pieces too short to sleep for are slept
/// together, so that the sum is exact. Example: steps of 20 ms whose arithmetic takes 3 ms, where sleeps end
/// 0.2 ms late, sleep 17, 16.8, 16.8 ... ms.
class EmulatedProcessor {
  public:
    /// Below this nothing is slept: a sleep is that inaccurate itself.
    static constexpr double grain_s = 50e-6;

    /// Moments of `slowness` count from when the clock started. `clock` must outlive this.
    EmulatedProcessor(scenario::EmulatedSpeed speed, scenario::Slowness slowness, Clock& clock);

    /// Begins, or goes on where so much had passed: nothing is owed.
    void start_clock(double passed_s = 0);

    /// Does `arithmetic`, which costs `flops`, and returns the seconds spent computing: all that passed but
    /// those in which the processor stands still.
    double compute(double flops, base::FunctionRef<void()> arithmetic);

    const backend::Emulation& emulation() const { return emulation_; }

  private:
    /// What a piece takes that began then and whose arithmetic took so long.
    scenario::Slowness::Duration asked(double flops, double began_s, double arithmetic_s) const;
    /// Sleeps for what is owed, and returns when.
    double sleep(double now_s);

    scenario::EmulatedSpeed speed_;
    scenario::Slowness slowness_;
    Clock& clock_;
    double start_s_ = 0;
    double owed_s_ = 0;  ///< asked but not spent; negative: spent in excess
    backend::Emulation emulation_;
};

}  // namespace lockstep::real
