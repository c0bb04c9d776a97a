#pragma once

#include <span>
#include <string_view>

namespace lockstep::scenario {

/// The ways in which workers agree on parameters. The programs are in exchange/, one file pair each.
enum class Method { serial, sync_average, in_turn, by_arrival };

/// Whether one extra rank holds the shared parameters.
enum class ServerUse { never, optional, always };

struct MethodTraits {
    Method method;
    std::string_view name;
    std::string_view summary;
    ServerUse server;
    bool deterministic;  ///< the order of updates, hence every bit of the result, is independent of timing
};

/// Every method there is, in the order in which they are listed to users.
std::span<const MethodTraits> methods();
const MethodTraits& traits(Method method);

}  // namespace lockstep::scenario
