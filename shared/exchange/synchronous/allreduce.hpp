#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Synchronous SGD on the mean gradient: every worker computes the gradient of its own batch at the same v,
/// the gradients are summed by the collective chosen and divided by c, and every worker takes the same step
/// of the same optimiser. Equal to one worker with batches c times as large on the same samples, up to
/// rounding, whatever the optimiser.
///
/// Cost a round: that of the mean, of which `--compression` decides (gradient_mean.hpp; without it one
/// allreduce of the gradient and n operations a rank), and the optimiser's.
void allreduce(Participant& participant);

std::optional<comm::Traffic> allreduce_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
