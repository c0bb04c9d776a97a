#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Asynchronous decentralised SGD, AD-PSGD (Lian et al. 2018, 1710.06952, algorithm 1): workers of even rank
/// are active, those of odd rank passive. In each of its steps an active worker averages with one passive
/// worker, drawn at random: both set x to (x_i + x_j) / 2. Gradients are taken before and applied after that,
/// so they are stale by the number of averages in between: 1 on active workers, any on passive ones.
///
/// All workers take equally many steps. Nobody waits for an active worker but the passive ones at the very
/// end; an active one waits for the passive one that it asks, until that has computed its gradient.
///
/// Cost: two messages of B bytes and 4 n operations a step of an active worker.
void ad_psgd(Participant& participant);

std::optional<comm::Traffic> ad_psgd_traffic(const scenario::Config& config, const Work& work);

/// Vectors that a passive worker has room for, besides x and its gradient: two for each active one. (On an
/// active worker it is one.)
double ad_psgd_inboxes(const scenario::Config& config);

/// The passive worker that active worker `worker` averages with in its step number `step`: a pure function,
/// so that both know it. Precondition: at least two workers.
std::size_t ad_psgd_partner(std::uint64_t seed, std::size_t workers, std::size_t worker, std::uint64_t step);

}  // namespace lockstep::exchange
