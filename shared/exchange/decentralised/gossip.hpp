#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Decentralised SGD on a graph of workers with mixing weights W (see graph.hpp): nobody holds v, which is
/// the mean of all x_i; each step a worker combines its x_i with those of its neighbours.
///
/// * combine-then-adapt: x_i = sum_j W_ij x_j - eta g_i(x_i). The x_j travel while the gradient is computed.
///   D-PSGD (Lian et al. 2017, 1705.09056, algorithm 1).
/// * adapt-then-combine: x_i = sum_j W_ij (x_j - eta g_j(x_j)). Diffusion (Sayed, "Adaptation, learning, and
///   optimization over networks", 2014). Stable wherever one worker alone is; the other order is not.
///
/// With momentum, u_i = m u_i - eta g_i stands for -eta g_i; velocities do not travel.
///
/// Cost a round, degree d: d messages of B bytes a worker, 2 n (d + 1) operations besides the step.
void gossip(Participant& participant);

std::optional<comm::Traffic> gossip_traffic(const scenario::Config& config, const Work& work);

/// Vectors that a worker has room for, besides its own: one for each neighbour.
double gossip_inboxes(const scenario::Config& config);

}  // namespace lockstep::exchange
