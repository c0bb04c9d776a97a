#pragma once

#include <cstddef>
#include <optional>

#include "comm/traffic.hpp"
#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Runs this rank's part of the configured method, from the start vector to the last update.
void train(Participant& participant);

/// Vectors of n values that one rank holds at the same time for the exchange, its own scratch included: for
/// predicting memory. Not a whole number where each of several servers holds parts.
double vectors_held(const scenario::Config& config, bool server);

/// Messages and payload bytes of the whole run, all ranks, by closed form. Nothing where the MPI library
/// decides (--collective library).
std::optional<comm::Traffic> predict_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
