#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Local SGD (Stich 2019, 1805.09767): H steps of every worker on its own, then v = mean of the w_i, and once
/// more after the last step. With a period of one epoch it is iterative parameter mixing (McDonald, Hall,
/// Mann 2010), with one of the whole run one-shot averaging (Zinkevich et al. 2010). Each worker keeps its
/// own optimiser's velocity.
///
/// Cost: one allreduce of the parameter vector every H steps, ceil(steps / H) in all. H = 1 is sync-average.
void local_sgd(Participant& participant);

std::optional<comm::Traffic> local_sgd_traffic(const scenario::Config& config, const Work& work);

/// The length H of the runs of steps between two averages.
std::uint64_t period_of(const scenario::Config& config, std::uint64_t steps_per_epoch, std::uint64_t steps);

}  // namespace lockstep::exchange
