#pragma once

#include <vector>

#include "exchange/averaging.hpp"

namespace lockstep::exchange {

struct SlowMoOptions {
    double slow_lr = 1;          ///< alpha
    double slow_momentum = 0.7;  ///< beta, from 0 on and below 1

    bool operator==(const SlowMoOptions&) const = default;
    static std::vector<option::Option<SlowMoOptions>> options();
};

/// Slow momentum over local SGD (Wang, Tantia, Ballas, Rabbat 2020, 1910.00643, algorithm 1): H local steps
/// from v, then, with x the mean of the w_i and gamma the learning rate of the last of these steps,
///
///     u = beta u + (v - x) / gamma;    v -= alpha gamma u
///
/// and everybody goes on from v. alpha = 1 and beta = 0 leave v = x, which is then taken as it is: local_sgd,
/// bit for bit. Each worker keeps its own optimiser's velocity, one of the paper's strategies for it.
///
/// Cost: one allreduce of the parameter vector every H steps, 6 n operations for u and v. Memory: both,
/// besides the worker's own parameters; neither where the mean is taken as it is.
class SlowMo final : public LocalStepsMethod<SlowMo, SlowMoOptions> {
  public:
    static constexpr MethodTraits about{.name = "slowmo",
                                        .summary = "as local-sgd, with momentum from one average to the next",
                                        .holder = Holder::by_meetings};
    using LocalStepsMethod::LocalStepsMethod;

    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;

  private:
    bool takes_the_mean() const { return slow_lr == 1 && slow_momentum == 0; }
};

}  // namespace lockstep::exchange
