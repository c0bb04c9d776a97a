#pragma once

#include <cstdint>
#include <optional>

#include "comm/message_log.hpp"
#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// Runs this rank's part of the configured method, from the start vector to the last update.
void train(Participant& participant);

/// Vectors of n values that one rank holds at the same time for the exchange, its own scratch included: for
/// predicting memory.
std::size_t vectors_held(const scenario::Config& config, bool server);

/// Messages and payload bytes of the whole run, all ranks, by closed form. `steps` is per worker, `values`
/// the length of the parameter vector. Nothing where the MPI library decides (--collective library).
std::optional<comm::Traffic> predict_traffic(const scenario::Config& config, std::uint64_t steps,
                                             std::size_t values);

}  // namespace lockstep::exchange
