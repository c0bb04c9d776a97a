#include "scenario/choices.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace lockstep::scenario {
namespace {

template <typename Enum, std::size_t count>
using Choices = std::array<Choice<Enum>, count>;

constexpr Choices<Collective, 6> collectives{{{Collective::tree, "tree"},
                                              {Collective::ring, "ring"},
                                              {Collective::recursive_doubling, "recursive-doubling"},
                                              {Collective::rabenseifner, "rabenseifner"},
                                              {Collective::flat, "flat"},
                                              {Collective::library, "library"}}};
constexpr Choices<UpdateRule, 3> update_rules{
    {{UpdateRule::delta, "delta"}, {UpdateRule::mix, "mix"}, {UpdateRule::replace, "replace"}}};
constexpr Choices<Server, 2> servers{{{Server::none, "none"}, {Server::dedicated, "dedicated"}}};
constexpr Choices<Optimiser, 3> optimisers{
    {{Optimiser::sgd, "sgd"}, {Optimiser::momentum, "momentum"}, {Optimiser::nesterov, "nesterov"}}};
constexpr Choices<StepSize, 2> step_sizes{
    {{StepSize::constant, "constant"}, {StepSize::staleness_aware, "staleness-aware"}}};
constexpr Choices<Compensation, 2> compensations{
    {{Compensation::constant, "constant"}, {Compensation::adaptive, "adaptive"}}};
constexpr Choices<Graph, 5> graphs{{{Graph::ring, "ring"},
                                    {Graph::torus, "torus"},
                                    {Graph::hypercube, "hypercube"},
                                    {Graph::complete, "complete"},
                                    {Graph::exponential, "exponential"}}};
constexpr Choices<GossipOrder, 2> gossip_orders{{{GossipOrder::combine_then_adapt, "combine-then-adapt"},
                                                 {GossipOrder::adapt_then_combine, "adapt-then-combine"}}};
constexpr Choices<Compression, 7> compressions{{{Compression::none, "none"},
                                                {Compression::top_k, "top-k"},
                                                {Compression::qsgd, "qsgd"},
                                                {Compression::sign, "sign"},
                                                {Compression::power_sgd, "power-sgd"},
                                                {Compression::fp16, "fp16"},
                                                {Compression::bf16, "bf16"}}};
constexpr Choices<OverlapProgress, 3> overlap_progress{{{OverlapProgress::ideal, "ideal"},
                                                        {OverlapProgress::receiver, "receiver"},
                                                        {OverlapProgress::none, "none"}}};
constexpr Choices<Partition, 2> partitions{
    {{Partition::shard, "shard"}, {Partition::replicate, "replicate"}}};
constexpr Choices<Topology, 6> topologies{{{Topology::star, "star"},
                                           {Topology::shared, "shared"},
                                           {Topology::two_clusters, "two-clusters"},
                                           {Topology::fat_tree, "fat-tree"},
                                           {Topology::torus, "torus"},
                                           {Topology::dragonfly, "dragonfly"}}};
constexpr Choices<NetworkModel, 3> network_models{
    {{NetworkModel::cm02, "CM02"}, {NetworkModel::lv08, "LV08"}, {NetworkModel::smpi, "SMPI"}}};
constexpr Choices<Sharing, 2> sharings{{{Sharing::equal, "equal"}, {Sharing::rtt, "rtt"}}};
constexpr Choices<Numerics, 2> numerics{{{Numerics::real, "real"}, {Numerics::none, "none"}}};
constexpr Choices<Evaluate, 2> evaluations{{{Evaluate::shared, "shared"}, {Evaluate::workers, "workers"}}};
constexpr Choices<Format, 3> formats{
    {{Format::table, "table"}, {Format::json, "json"}, {Format::csv, "csv"}}};
constexpr Choices<Progress, 3> progress{
    {{Progress::automatic, "auto"}, {Progress::always, "always"}, {Progress::never, "never"}}};
constexpr Choices<Events, 3> event_choices{
    {{Events::none, "none"}, {Events::summary, "summary"}, {Events::full, "full"}}};
constexpr Choices<model::Activation, 3> activations{{{model::Activation::sigmoid, "sigmoid"},
                                                     {model::Activation::tanh, "tanh"},
                                                     {model::Activation::relu, "relu"}}};
constexpr Choices<model::Loss, 2> losses{
    {{model::Loss::cross_entropy, "cross-entropy"}, {model::Loss::squared_error, "squared-error"}}};

}  // namespace

template <>
std::span<const Choice<Method>> choices() {
    static const auto names = [] {
        std::vector<Choice<Method>> all;
        for (const MethodTraits& method : methods()) all.push_back({method.method, method.name});
        return all;
    }();
    return names;
}

template <>
std::span<const Choice<Collective>> choices() {
    return collectives;
}
template <>
std::span<const Choice<UpdateRule>> choices() {
    return update_rules;
}
template <>
std::span<const Choice<Server>> choices() {
    return servers;
}
template <>
std::span<const Choice<Optimiser>> choices() {
    return optimisers;
}
template <>
std::span<const Choice<StepSize>> choices() {
    return step_sizes;
}
template <>
std::span<const Choice<Compensation>> choices() {
    return compensations;
}
template <>
std::span<const Choice<Graph>> choices() {
    return graphs;
}
template <>
std::span<const Choice<GossipOrder>> choices() {
    return gossip_orders;
}
template <>
std::span<const Choice<Compression>> choices() {
    return compressions;
}
template <>
std::span<const Choice<OverlapProgress>> choices() {
    return overlap_progress;
}
template <>
std::span<const Choice<Partition>> choices() {
    return partitions;
}
template <>
std::span<const Choice<Topology>> choices() {
    return topologies;
}
template <>
std::span<const Choice<NetworkModel>> choices() {
    return network_models;
}
template <>
std::span<const Choice<Sharing>> choices() {
    return sharings;
}
template <>
std::span<const Choice<Numerics>> choices() {
    return numerics;
}
template <>
std::span<const Choice<Evaluate>> choices() {
    return evaluations;
}
template <>
std::span<const Choice<Format>> choices() {
    return formats;
}
template <>
std::span<const Choice<Progress>> choices() {
    return progress;
}
template <>
std::span<const Choice<Events>> choices() {
    return event_choices;
}
template <>
std::span<const Choice<model::Activation>> choices() {
    return activations;
}
template <>
std::span<const Choice<model::Loss>> choices() {
    return losses;
}

}  // namespace lockstep::scenario
