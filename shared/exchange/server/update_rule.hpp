#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "scenario/config.hpp"

namespace lockstep::exchange {

/// How one worker's w_i enters the shared v.
///
/// * delta: v += w_i - received, where received is the v that the worker started from: its own progress is
/// added to everybody's.
/// * mix: v = (1 - beta) v + beta w_i.
/// * replace: v = w_i: the progress of others since then is lost.
///
/// With --step-size staleness-aware delta and beta are divided by the staleness where that is above 1.
///
/// Example with v = 10, received = 8, w_i = 7: delta gives 9, mix with beta 0.5 gives 8.5, replace gives 7.
class UpdateRule {
  public:
    explicit UpdateRule(const scenario::Config& config) : config_(config) {}

    /// Applies and charges `flops`. Without any staleness v still is `received`: then delta's v + (w_i - v)
    /// is w_i, and is set to just that, so that one worker alone reproduces serial training to the bit.
    void apply(std::span<float> v, std::span<const float> w, std::span<const float> received,
               std::uint64_t staleness) const;

    /// Operations charged for vectors of n values, of a contribution that counts so much: 2 n for delta, 3 n
    /// if the weight is not 1; 3 n for mix, none for replace.
    double flops(std::size_t size, float weight) const;

  private:
    const scenario::Config& config_;
};

}  // namespace lockstep::exchange
