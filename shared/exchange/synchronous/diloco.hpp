#pragma once

#include <vector>

#include "exchange/averaging.hpp"

namespace lockstep::exchange {

struct DilocoOptions {
    OptimiserRule outer_optimiser = "nesterov";
    double outer_lr = 0.7;
    double outer_momentum = 0.9;  ///< from 0 on and below 1

    bool operator==(const DilocoOptions&) const = default;
    static std::vector<option::Option<DilocoOptions>> options();
};

/// DiLoCo (Douillard et al. 2023, 2311.08105, algorithm 1): H local steps, then the mean progress
/// Delta = (1/c) sum (v - w_i) enters v by an outer optimiser, as if it were a gradient, and everybody goes
/// on from v. With outer SGD of learning rate 1 it is local_sgd. (The paper's inner optimiser is AdamW; here
/// it is --optimiser.)
///
/// Cost: one allreduce of the parameter vector every H steps; 2 n operations for Delta and those of the outer
/// optimiser. Memory: v, besides the worker's own parameters.
class Diloco final : public LocalStepsMethod<Diloco, DilocoOptions> {
  public:
    static constexpr MethodTraits about{
        .name = "diloco",
        .summary = "as local-sgd, with an optimiser of its own for the mean progress",
        .holder = Holder::by_meetings};
    using LocalStepsMethod::LocalStepsMethod;

    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
