#pragma once

#include <cstddef>
#include <cstdint>

#include "exchange/participant.hpp"
#include "exchange/server/server_rank.hpp"
#include "exchange/server/update_rule.hpp"

namespace lockstep::exchange {

/// Steps from one push to the next and from one pull to the next: one each, but by arrival.
struct PushAndPull {
    std::uint64_t push_every = 1;
    std::uint64_t pull_every = 1;
};

/// How workers' parameters enter v.
struct ParameterServing {
    ServingOrder order = ServingOrder::arrival;
    const Updating& updating;
    const Weighing& weighing;
    std::size_t servers = 1;
    PushAndPull intervals = {};
};

/// The server's side: takes w_i from a worker, applies it by the update rule, sends v back where a pull is
/// due. Ends after every worker's last step. Staleness is unbounded with arrival, exactly c - 1 (after the
/// first round) with rotation. By arrival all workers together take c times the steps of
/// LocalTraining::steps(), the fast ones more of them; then the mean staleness is (c - 1) (1 - c / 2U) over U
/// updates, whatever the speeds, where each push is also a pull. In rotation each takes just those steps.
///
/// Cost an update: one message of B bytes each way, or one where no pull is due.
void serve(Participant& participant, const ParameterServing& serving);

/// The worker's side: step, send w_i, receive v as the new w_i; both kinds of server look alike to it.
void work_with_server(Participant& participant, const ParameterServing& serving);

}  // namespace lockstep::exchange
