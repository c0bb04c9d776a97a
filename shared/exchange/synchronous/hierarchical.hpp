#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Hierarchical local SGD (Lin et al. 2020, 1808.07217, section 4 and appendix): equal groups of neighbouring
/// workers average among themselves every H1 steps (`--group-period`), and all workers every H2 steps
/// (`--period`, a multiple of H1): the groups' first workers average, and each hands the result to its group.
/// With one group it is local_sgd with H1.
///
/// Cost, G groups of k workers: every H1 steps one allreduce over k ranks in each group; every H2 steps, and
/// at the end, one over G ranks and a broadcast over k ranks in each group.
void hierarchical(Participant& participant);

std::optional<comm::Traffic> hierarchical_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
