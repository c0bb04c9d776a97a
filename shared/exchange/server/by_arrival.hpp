#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Asynchronous with a dedicated server that takes the workers' w_i in the order in which they arrive: no
/// worker ever waits for another one, only for the server, and the fast ones take more of the steps.
/// A worker sends its w every --push-every steps and gets v every --pull-every; in between it goes on from
/// its own w. With one each, staleness is c - 1 on average whatever the speeds, unbounded in the single case.
/// Source: Downpour SGD (Dean et al. 2012, algorithm 1.1; n_push, n_fetch) for the update rule delta.
///
/// Cost: a message of B bytes a push and one a pull.
void by_arrival(Participant& participant);

std::optional<comm::Traffic> by_arrival_traffic(const scenario::Config& config, const Work& work);

/// Vectors from which pushes travel that no reply follows.
double by_arrival_copies(const scenario::Config& config);

}  // namespace lockstep::exchange
