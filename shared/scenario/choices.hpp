#pragma once

#include <cassert>
#include <span>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// One value of an enumeration with its name on the command line, in INI files and in results.
template <typename Enum>
struct Choice {
    Enum value;
    std::string_view name;
};

/// Every value of an enumeration of Config, in the order in which they are listed to users.
template <typename Enum>
std::span<const Choice<Enum>> choices();

template <>
std::span<const Choice<Method>> choices();
template <>
std::span<const Choice<Collective>> choices();
template <>
std::span<const Choice<UpdateRule>> choices();
template <>
std::span<const Choice<Server>> choices();
template <>
std::span<const Choice<Optimiser>> choices();
template <>
std::span<const Choice<StepSize>> choices();
template <>
std::span<const Choice<Compensation>> choices();
template <>
std::span<const Choice<Graph>> choices();
template <>
std::span<const Choice<GossipOrder>> choices();
template <>
std::span<const Choice<Compression>> choices();
template <>
std::span<const Choice<OverlapProgress>> choices();
template <>
std::span<const Choice<Partition>> choices();
template <>
std::span<const Choice<Topology>> choices();
template <>
std::span<const Choice<NetworkModel>> choices();
template <>
std::span<const Choice<Sharing>> choices();
template <>
std::span<const Choice<Numerics>> choices();
template <>
std::span<const Choice<Evaluate>> choices();
template <>
std::span<const Choice<Format>> choices();
template <>
std::span<const Choice<Progress>> choices();
template <>
std::span<const Choice<Events>> choices();
template <>
std::span<const Choice<model::Activation>> choices();
template <>
std::span<const Choice<model::Loss>> choices();

/// `name(Collective::recursive_doubling)` is "recursive-doubling".
template <typename Enum>
std::string_view name(Enum value) {
    for (const auto& choice : choices<Enum>())
        if (choice.value == value) return choice.name;
    assert(false && "a value without a name");
    return {};
}

}  // namespace lockstep::scenario
