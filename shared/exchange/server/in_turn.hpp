#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// The report's Method 2: the workers update the shared v in strict rotation, 0, 1, ... c-1, 0, 1, ... While
/// v is elsewhere a worker computes its next step from the v it saw last. Staleness is exactly c - 1 after
/// the first round.
///
/// Without a server v travels from worker to worker as a token: one message of B bytes an update, c compute.
/// With a dedicated server: two messages an update.
void in_turn(Participant& participant);

std::optional<comm::Traffic> in_turn_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
