#pragma once

#include "exchange/averaging.hpp"

namespace lockstep::exchange {

/// Local SGD (Stich 2019, 1805.09767): H steps of every worker on its own, then v = mean of the w_i, and once
/// more after the last step. With a period of one epoch it is iterative parameter mixing (McDonald, Hall,
/// Mann 2010), with one of the whole run one-shot averaging (Zinkevich et al. 2010). Each worker keeps its
/// own optimiser's velocity.
///
/// Cost: one allreduce of the parameter vector every H steps, ceil(steps / H) in all. H = 1 is sync-average.
class LocalSgd final : public LocalStepsMethod<LocalSgd> {
  public:
    static constexpr MethodTraits about{
        .name = "local-sgd",
        .summary = "workers step on their own and average every so many steps",
        .holder = Holder::by_meetings};
    using LocalStepsMethod::LocalStepsMethod;

    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
