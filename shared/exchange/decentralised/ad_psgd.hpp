#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "exchange/method.hpp"

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
class AdPsgd final : public MethodOf<AdPsgd> {
  public:
    static constexpr MethodTraits about{.name = "ad-psgd",
                                        .summary = "workers average with one random neighbour at a time",
                                        .optimisers = OptimiserUse::sgd,
                                        .holder = Holder::nobody,
                                        .draws_peers = true};
    using MethodOf::MethodOf;

    bool is_deterministic() const override { return false; }
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

/// The passive worker that active worker `worker` averages with in its step number `step`: a pure function,
/// so that both know it. Precondition: at least two workers.
std::size_t ad_psgd_partner(std::uint64_t seed, std::size_t workers, std::size_t worker, std::uint64_t step);

}  // namespace lockstep::exchange
