#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/function_ref.hpp"
#include "base/one_of.hpp"
#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/collective_cost.hpp"

namespace lockstep::comm {

/// Ranks first, first + stride ... that sum or gather together.
struct Members {
    std::size_t first;
    std::size_t stride;
    std::size_t size;

    std::size_t rank(std::size_t place) const { return first + place * stride; }
};

/// Hears of two ranks that send messages to each other, in one direction at least; the same two may come
/// again.
using PairVisitor = base::FunctionRef<void(std::size_t, std::size_t)>;

void pairs_of_tree(const Members& members, PairVisitor visit);
void pairs_of_ring(const Members& members, PairVisitor visit);

/// A way to sum a vector over ranks.
struct CollectiveRow {
    static constexpr std::string_view what = "collective";
    std::string_view name;
    Allreduce allreduce;
    /// Its closed form. Null for the MPI library's own, whose messages nobody knows.
    CollectiveCost (*cost)(std::size_t ranks, std::size_t values, const LinkCost& link);
    /// Calls visit for each two ranks that send to each other.
    void (*for_each_pair)(const Members& members, PairVisitor visit);

    /// Whether its messages and the order of its sums are those of this program.
    bool is_pinned() const { return cost != nullptr; }

    static std::span<const CollectiveRow> all();
};

using Collective = base::OneOf<CollectiveRow>;

}  // namespace lockstep::comm
