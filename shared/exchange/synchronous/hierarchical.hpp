#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/averaging.hpp"
#include "exchange/local_steps.hpp"

namespace lockstep::exchange {

struct HierarchicalOptions {
    std::size_t groups = 2;
    std::size_t group_period = 1;  ///< steps between two averages within a group

    bool operator==(const HierarchicalOptions&) const = default;
    static std::vector<option::Option<HierarchicalOptions>> options();
};

/// Hierarchical local SGD (Lin et al. 2020, 1808.07217, section 4 and appendix): equal groups of neighbouring
/// workers average among themselves every H1 steps (`--group-period`), and all workers every H2 steps
/// (`--period`, a multiple of H1): the groups' first workers average, and each hands the result to its group.
/// With one group it is local_sgd with H1.
///
/// Cost, G groups of k workers: every H1 steps one allreduce over k ranks in each group; every H2 steps, and
/// at the end, one over G ranks and a broadcast over k ranks in each group.
class Hierarchical final : public MethodOf<Hierarchical, HierarchicalOptions, LocalSteps, Summing> {
  public:
    static constexpr MethodTraits about{.name = "hierarchical",
                                        .summary = "averages often within groups and seldom across them",
                                        .holder = Holder::by_meetings};
    using MethodOf::MethodOf;

    void check(const Team& team) const override;
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    /// In the mean over workers: leaders take one more.
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
