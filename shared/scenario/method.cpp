#include "scenario/method.hpp"

#include <array>
#include <cassert>
#include <cstddef>

namespace lockstep::scenario {
namespace {

constexpr std::array<MethodTraits, 4> table{{
    {Method::serial, "serial", "one worker, no communication", ServerUse::never, true},
    {Method::sync_average, "sync-average", "every worker steps, then all parameters are averaged",
     ServerUse::never, true},
    {Method::in_turn, "in-turn", "workers update the shared parameters in strict rotation",
     ServerUse::optional, true},
    {Method::by_arrival, "by-arrival", "workers update the shared parameters in order of arrival",
     ServerUse::always, false},
}};

constexpr bool in_order_of_enumeration() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].method) != i) return false;
    return true;
}
static_assert(in_order_of_enumeration(), "traits() indexes the table by the enumeration");

}  // namespace

std::span<const MethodTraits> methods() {
    return table;
}

const MethodTraits& traits(Method method) {
    const auto index = static_cast<std::size_t>(method);
    assert(index < table.size());
    return table[index];
}

}  // namespace lockstep::scenario
