#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "exchange/gradient_code.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/participant.hpp"
#include "exchange/server/server_rank.hpp"

namespace lockstep::exchange {

/// A worker that computes the gradient at the v it got, sends it, and gets another v, until that is marked as
/// the last.
///
/// Cost a step: a message of B bytes each way; less on the way there with --compression.
void work_with_gradient_server(Participant& participant);

/// What a server does with the gradients that it has: steps of v by the configured optimiser. When it steps,
/// by which of them, and whom it answers then, is the method's business.
class GradientSteps {
  public:
    GradientSteps(Participant& participant, ServerRank& server);

    /// The gradient that the worker sent. It may be changed, until the next call for another worker or a
    /// step. Charged: decoding it, once.
    std::span<float> gradient(std::size_t worker);

    /// v -= rate gradient, at the learning rate of the worker's own step, divided by max(1, staleness) where
    /// that is asked for. Charged: the optimiser's operations.
    void by_one(std::size_t worker);

    /// v -= rate mean, or the majority of signs, over `workers`, added in this order: in ascending order the
    /// result depends on the set alone. The caller says what v is afterwards (ServerRank::changed). Charged:
    /// k n operations for k workers (none for one), and the optimiser's.
    void by_mean(std::span<const std::size_t> workers, float rate);

  private:
    Participant& participant_;
    ServerRank& server_;
    Optimiser optimiser_;
    GradientCode code_;
    base::FloatBuffer room_;  ///< this and the next unless the gradients are plain
    base::FloatBuffer sum_;
    std::optional<std::size_t> decoded_;  ///< of this worker, in room_
};

}  // namespace lockstep::exchange
