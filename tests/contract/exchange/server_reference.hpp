#pragma once

#include <cstdint>
#include <vector>

#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {

/// Plain programs of one process for methods whose order of updates depends on time: they take the order from
/// the journal and compute everything else anew, in the same float32 arithmetic.

/// What entered one version of v: of one worker or of several, in the order of the journal.
using Contributions = std::vector<exchange::Update>;

/// The contributions of each version, from 0 on.
std::vector<Contributions> by_version(const support::ExchangeRun& run);

/// v at each version, from v0 on, where a server steps by gradients: by one at a time, with the method's
/// compensation, or by the mean of several, with staleness-aware weights where that is asked for.
std::vector<Vector> replay_gradients(const scenario::Config& config, const support::Job& job,
                                     const support::ExchangeRun& run);

/// The same with a compression, at constant step sizes.
std::vector<Vector> replay_compressed(const scenario::Config& config, const support::Job& job,
                                      const support::ExchangeRun& run);

/// v after each round of synchronous SGD on the mean gradient, added in the order of workers, with heavy-ball
/// momentum where the optimiser is that.
std::vector<Vector> mean_reference(const scenario::Config& config, const support::Job& job);

/// v at the end, on one server or as the parts of several, side by side.
Vector final_v(const scenario::Config& config, const support::ExchangeRun& run);

/// v0 - all gradients applied, for gradients that do not depend on w.
std::vector<double> start_minus_applied(const support::Job& job, const support::ExchangeRun& run);

}  // namespace lockstep::contract
