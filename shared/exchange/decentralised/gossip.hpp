#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/one_of.hpp"
#include "exchange/decentralised/graph.hpp"
#include "exchange/method.hpp"

namespace lockstep::exchange {

enum class GossipOrder { combine_then_adapt, adapt_then_combine };
inline constexpr base::Named<GossipOrder> gossip_order_names[]{
    {GossipOrder::combine_then_adapt, "combine-then-adapt"},
    {GossipOrder::adapt_then_combine, "adapt-then-combine"}};
constexpr std::span<const base::Named<GossipOrder>> names_of(GossipOrder /*any*/) {
    return gossip_order_names;
}

struct GossipOptions {
    Graph graph = "ring";
    GossipOrder gossip_order = GossipOrder::combine_then_adapt;

    bool operator==(const GossipOptions&) const = default;
    static std::vector<option::Option<GossipOptions>> options();
};

/// Decentralised SGD on a graph of workers with mixing weights W (see graph.hpp): nobody holds v, which is
/// the mean of all x_i; each step a worker combines its x_i with those of its neighbours.
///
/// * combine-then-adapt: x_i = sum_j W_ij x_j - eta g_i(x_i). The x_j travel while the gradient is computed.
///   D-PSGD (Lian et al. 2017, 1705.09056, algorithm 1).
/// * adapt-then-combine: x_i = sum_j W_ij (x_j - eta g_j(x_j)). Diffusion (Sayed, "Adaptation, learning, and
///   optimization over networks", 2014). Stable wherever one worker alone is; the other order is not.
///
/// With momentum, u_i = m u_i - eta g_i stands for -eta g_i; velocities do not travel.
///
/// Cost a round, degree d: d messages of B bytes a worker, 2 n (d + 1) operations besides the step.
class Gossip final : public MethodOf<Gossip, GossipOptions> {
  public:
    static constexpr MethodTraits about{
        .name = "gossip",
        .summary = "workers average with their neighbours in a graph every step",
        .optimisers = OptimiserUse::momentum,
        .holder = Holder::nobody};
    using MethodOf::MethodOf;

    void check(const Team& team) const override;
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
