#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Stale synchronous parallel (Ho et al. 2013): a server steps by each gradient as it arrives, but a worker
/// may start its step number k only when all have done k - s (`--staleness-bound`); the server holds its
/// reply back until then, and sends the v of that moment. So nobody's number of steps is ever ahead of
/// anybody's by more than s + 1. With s = 0 all gradients of a round are taken at the same v, the sum of
/// whose steps, in the order of workers, makes the next one; without a bound it is plain asynchronous SGD. A
/// worker that has had its last reply holds nobody back. Of several servers each holds its own replies back.
///
/// Cost: two messages of B bytes a step; 2 n operations on the server.
void bounded_staleness(Participant& participant);

std::optional<comm::Traffic> bounded_staleness_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
