#pragma once

#include <optional>

#include "exchange/averaging.hpp"

namespace lockstep::exchange {

/// The report's Method 1: every worker steps from the same v on its own batch, then v = mean of the w_i.
///
/// Cost a round: one allreduce of the parameter vector by the collective chosen, and n operations a rank for
/// the mean. Equal to gradient allreduce, and to one worker with a batch c times as large, up to rounding;
/// with heavy-ball momentum too, since the mean of the workers' velocities obeys the same rule as they do.
class SyncAverage final : public SummingMethod<SyncAverage> {
  public:
    static constexpr MethodTraits about{.name = "sync-average",
                                        .summary = "every worker steps, then all parameters are averaged",
                                        .optimisers = OptimiserUse::momentum};
    using SummingMethod::SummingMethod;

    /// Momentum is each worker's own.
    bool others_may_go_on(const Optimising& optimising) const override {
        return !optimising.optimiser->has_momentum;
    }

    std::optional<comm::Traffic> traffic(const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
