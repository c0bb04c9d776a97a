#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// DiLoCo (Douillard et al. 2023, 2311.08105, algorithm 1): H local steps, then the mean progress
/// Delta = (1/c) sum (v - w_i) enters v by an outer optimiser, as if it were a gradient, and everybody goes
/// on from v. With outer SGD of learning rate 1 it is local_sgd. (The paper's inner optimiser is AdamW; here
/// it is --optimiser.)
///
/// Cost: one allreduce of the parameter vector every H steps; 2 n operations for Delta and those of the outer
/// optimiser. Memory: v, besides the worker's own parameters.
void diloco(Participant& participant);

std::optional<comm::Traffic> diloco_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
