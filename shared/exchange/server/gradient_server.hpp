#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "exchange/gradient_code.hpp"
#include "exchange/method.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/participant.hpp"
#include "exchange/server/server_links.hpp"
#include "exchange/server/server_rank.hpp"
#include "exchange/server/staleness.hpp"

namespace lockstep::exchange {

/// A worker that computes the gradient at the v it got, sends it, and gets another v, until that is marked as
/// the last.
///
/// Cost a step: a message of B bytes each way; less on the way there with --compression.
void work_with_gradient_server(Participant& participant, const Serving& serving);

/// Throws base::InputError where gradients so compressed cannot be served like that: a code is of a whole
/// gradient, and what a code leaves out is owed, but what a weight takes from it is not.
void check_compressing(const Compressing& compressing, std::size_t servers, const Weighing& weighing);

/// A method whose workers send gradients to a server, each answered by v.
template <typename Self, typename... Parts>
class GradientMethod : public MethodOf<Self, Parts..., Compressing> {
  public:
    using MethodOf<Self, Parts..., Compressing>::MethodOf;

    /// Every step of every worker is a gradient and its answer.
    std::optional<comm::Traffic> traffic(const Work& work) const override {
        return served_traffic(serving(), work, work.all_steps(), work.all_steps());
    }
    void train(Participant& participant) const override {
        if (participant.is_server()) return serve(participant);
        work_with_gradient_server(participant, serving());
    }

    /// Workers compute gradients, and a server steps by each, unless overridden.
    std::vector<UpdateKernel> worker_updates(const Optimising& /*optimising*/,
                                             const Work& /*work*/) const override {
        return {};
    }
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override {
        return {optimising.kernel(work.values, static_cast<double>(work.workers))};
    }

    /// A server begins anew, without what its optimiser remembers.
    bool others_may_go_on(const Optimising& optimising) const override {
        return !optimising.optimiser->has_momentum;
    }

  protected:
    virtual void serve(Participant& participant) const = 0;
    virtual Serving serving() const { return {.servers = this->server_count(), .code = this}; }
};

/// What a server does with the gradients that it has: steps of v by the configured optimiser. When it steps,
/// by which of them, and whom it answers then, is the method's business.
class GradientSteps {
  public:
    GradientSteps(Participant& participant, ServerRank& server, const Compressing& compressing,
                  const Weighing& weighing = {});

    /// The gradient that the worker sent. It may be changed, until the next call for another worker or a
    /// step. Charged: decoding it, once.
    std::span<float> gradient(std::size_t worker);

    /// v -= rate gradient, at the learning rate of the worker's own step, weighed by its staleness
    /// where that is asked for. Charged: the optimiser's operations.
    void by_one(std::size_t worker);

    /// v -= rate mean, or the majority of signs, over `workers`, added in this order: in ascending order the
    /// result depends on the set alone. The caller says what v is afterwards (ServerRank::changed). Charged:
    /// k n operations for k workers (none for one; twice as many where they are weighed), decoding, and the
    /// optimiser's.
    void by_mean(std::span<const std::size_t> workers, float rate);

  private:
    Participant& participant_;
    ServerRank& server_;
    Weighing weighing_;
    std::unique_ptr<Optimiser> optimiser_;
    Kept<Optimiser> keeps_optimiser_;
    GradientCode code_;
    base::FloatBuffer room_;  ///< this and the next unless the gradients are plain
    base::FloatBuffer sum_;
    std::optional<std::size_t> decoded_;  ///< of this worker, in room_
};

}  // namespace lockstep::exchange
