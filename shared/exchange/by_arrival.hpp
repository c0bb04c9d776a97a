#pragma once

#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// Asynchronous with a dedicated server that takes the workers' w_i in the order in which they arrive: no
/// worker ever waits for another one, only for the server, and the fast ones take more of the steps.
/// Staleness c - 1 on average whatever the speeds, unbounded in the single case. Source: Downpour SGD with
/// n_push = n_fetch = 1 (Dean et al. 2012) for the update rule delta.
void by_arrival(Participant& participant);

}  // namespace lockstep::exchange
