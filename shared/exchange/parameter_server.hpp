#pragma once

#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// In which order a dedicated server serves its workers.
enum class ServingOrder { rotation, arrival };

/// The server's side: holds v; takes w_i from a worker, applies it by the update rule, sends v back. Ends
/// after every worker's last step. Staleness is unbounded with arrival, exactly c - 1 (after the first round)
/// with rotation. By arrival all workers together take c times the steps of LocalTraining::steps(), the fast
/// ones more of them; then the mean staleness is (c - 1) (1 - c / 2U) over U updates, whatever the speeds. In
/// rotation each takes just those steps.
///
/// Cost an update: one message of B bytes each way. Memory: 2 c + 1 vectors, since replies travel while v
/// changes.
void serve(Participant& participant, ServingOrder order);

/// The worker's side: step, send w_i, receive v as the new w_i; both kinds of server look alike to it.
void work_with_server(Participant& participant);

}  // namespace lockstep::exchange
