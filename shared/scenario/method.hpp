#pragma once

#include <span>
#include <string_view>

namespace lockstep::scenario {

/// The ways in which workers agree on parameters. The programs are in exchange/, one file pair each.
enum class Method {
    serial,
    allreduce,
    sync_average,
    local_sgd,
    post_local_sgd,
    diloco,
    hierarchical,
    backup_workers,
    in_turn,
    by_arrival,
    bounded_staleness,
    softsync,
    dc_asgd,
    easgd,
    gossip,
    ad_psgd
};

/// Whether extra ranks hold the shared parameters.
enum class ServerUse { never, optional, always };

/// Which of `--optimiser` have a meaning with a method: plain SGD alone, heavy-ball momentum too, or all.
enum class OptimiserUse { sgd, momentum, any };

struct MethodTraits {
    Method method;
    std::string_view name;
    std::string_view summary;
    ServerUse server;
    /// The order of updates, hence every bit of the result, is independent of timing, without a server where
    /// that is optional (in-turn: always).
    bool deterministic;
    OptimiserUse optimisers;
    bool sends_gradients;  ///< alone, so that they may travel compressed
};

/// Every method there is, in the order in which they are listed to users.
std::span<const MethodTraits> methods();
const MethodTraits& traits(Method method);

}  // namespace lockstep::scenario
