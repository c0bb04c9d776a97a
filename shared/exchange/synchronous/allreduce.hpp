#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "exchange/averaging.hpp"
#include "exchange/compressing.hpp"

namespace lockstep::exchange {

struct AllreduceOptions {
    std::size_t buckets = 0;  ///< in which gradients travel while others are computed; 0: none

    bool operator==(const AllreduceOptions&) const = default;
    static std::vector<option::Option<AllreduceOptions>> options();
};

/// Synchronous SGD on the mean gradient: every worker computes the gradient of its own batch at the same v,
/// the gradients are summed by the collective chosen and divided by c, and every worker takes the same step
/// of the same optimiser. Equal to one worker with batches c times as large on the same samples, up to
/// rounding, whatever the optimiser.
///
/// Cost a round: that of the mean, of which `--compression` decides (gradient_mean.hpp; without it one
/// allreduce of the gradient and n operations a rank), and the optimiser's.
class Allreduce final : public MethodOf<Allreduce, AllreduceOptions, Summing, Compressing> {
  public:
    static constexpr MethodTraits about{
        .name = "allreduce", .summary = "every worker computes a gradient, all step by their mean"};
    using MethodOf::MethodOf;

    bool others_may_go_on(const Optimising& /*optimising*/) const override { return true; }

    bool uses(std::string_view key) const override;
    void check(const Team& team) const override;
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    /// Means of the factors of power-sgd, which are much shorter, are left out.
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
