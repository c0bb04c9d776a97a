#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Post-local SGD (Lin et al. 2020, 1808.07217): averages after every step for the first epochs
/// (`--synchronous-epochs`), then as local_sgd, periods counted from there.
///
/// Cost: one allreduce of the parameter vector a step, later one every H steps.
void post_local_sgd(Participant& participant);

std::optional<comm::Traffic> post_local_sgd_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
