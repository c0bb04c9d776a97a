#include "scenario/method.hpp"

#include <cassert>
#include <cstddef>
#include <iterator>

namespace lockstep::scenario {
namespace {

constexpr MethodTraits traits_table[]{
    {Method::serial, "serial", "one worker, no communication", ServerUse::never, true, OptimiserUse::any,
     false},
    {Method::allreduce, "allreduce", "every worker computes a gradient, all step by their mean",
     ServerUse::never, true, OptimiserUse::any, true},
    {Method::sync_average, "sync-average", "every worker steps, then all parameters are averaged",
     ServerUse::never, true, OptimiserUse::momentum, false},
    {Method::local_sgd, "local-sgd", "workers step on their own and average every so many steps",
     ServerUse::never, true, OptimiserUse::any, false},
    {Method::post_local_sgd, "post-local-sgd", "averages every step at first, then as local-sgd",
     ServerUse::never, true, OptimiserUse::any, false},
    {Method::diloco, "diloco", "as local-sgd, with an optimiser of its own for the mean progress",
     ServerUse::never, true, OptimiserUse::any, false},
    {Method::hierarchical, "hierarchical", "averages often within groups and seldom across them",
     ServerUse::never, true, OptimiserUse::any, false},
    {Method::backup_workers, "backup-workers",
     "a server steps by the mean of the first gradients and drops the rest", ServerUse::always, false,
     OptimiserUse::momentum, true},
    {Method::in_turn, "in-turn", "workers update the shared parameters in strict rotation",
     ServerUse::optional, true, OptimiserUse::sgd, false},
    {Method::by_arrival, "by-arrival", "workers update the shared parameters in order of arrival",
     ServerUse::always, false, OptimiserUse::sgd, false},
    {Method::bounded_staleness, "bounded-staleness", "as by-arrival, but nobody gets too far ahead",
     ServerUse::always, false, OptimiserUse::sgd, true},
    {Method::softsync, "softsync", "a server steps by the mean of so many gradients at a time",
     ServerUse::always, false, OptimiserUse::sgd, true},
    {Method::dc_asgd, "dc-asgd", "as by-arrival, with gradients corrected for their delay", ServerUse::always,
     false, OptimiserUse::sgd, true},
    {Method::easgd, "easgd", "workers and shared parameters pull at each other elastically",
     ServerUse::optional, true, OptimiserUse::any, false},
    {Method::gossip, "gossip", "workers average with their neighbours in a graph every step",
     ServerUse::never, true, OptimiserUse::momentum, false},
    {Method::ad_psgd, "ad-psgd", "workers average with one random neighbour at a time", ServerUse::never,
     false, OptimiserUse::sgd, false},
};

constexpr bool in_order_of_enumeration() {
    for (std::size_t i = 0; i < std::size(traits_table); ++i)
        if (static_cast<std::size_t>(traits_table[i].method) != i) return false;
    return true;
}
static_assert(in_order_of_enumeration(), "traits() indexes the table by the enumeration");

}  // namespace

std::span<const MethodTraits> methods() {
    return traits_table;
}

const MethodTraits& traits(Method method) {
    const auto index = static_cast<std::size_t>(method);
    assert(index < std::size(traits_table));
    return traits_table[index];
}

}  // namespace lockstep::scenario
