#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Synchronous SGD with backup workers (Chen, Monga, Bengio, Jozefowicz 2016, 1604.00981, algorithm 4): a
/// round is over when the first c - b gradients of the current v are there (`--backup` b); the server steps
/// by their mean and sends v to their workers. A gradient of an older v is dropped when it comes, and its
/// worker gets the current v at once. As many rounds as a worker has steps in other methods. The mean is
/// taken in the order of workers, so it depends on who was in time and on nothing else; b = 0 is allreduce
/// with
/// --collective flat, bit for bit.
///
/// Reported as the step of v is the round, to which dropped gradients contribute nothing.
///
/// Cost: two messages of B bytes a gradient, dropped ones too; on the server (c - b) n operations a round and
/// the optimiser's.
void backup_workers(Participant& participant);

std::optional<comm::Traffic> backup_workers_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
