#include "comm/collectives/collective.hpp"

#include <bit>

namespace lockstep::comm {
namespace {

/// Of recursive doubling and halving, with what sits out of them (fold.hpp).
void pairs_of_doubling(const Members& members, PairVisitor visit) {
    const std::size_t size = std::bit_floor(members.size);
    const std::size_t surplus = members.size - size;
    const auto rank_at = [&](std::size_t position) {
        return members.rank(position < surplus ? 2 * position + 1 : position + surplus);
    };
    for (std::size_t i = 0; i < surplus; ++i) visit(members.rank(2 * i), members.rank(2 * i + 1));
    for (std::size_t distance = 1; distance < size; distance *= 2)
        for (std::size_t position = 0; position < size; ++position)
            if ((position & distance) == 0) visit(rank_at(position), rank_at(position ^ distance));
}

void pairs_with_first(const Members& members, PairVisitor visit) {
    for (std::size_t i = 1; i < members.size; ++i) visit(members.rank(0), members.rank(i));
}

void all_pairs(const Members& members, PairVisitor visit) {
    for (std::size_t i = 0; i < members.size; ++i)
        for (std::size_t j = 0; j < i; ++j) visit(members.rank(j), members.rank(i));
}

constexpr CollectiveRow collectives[]{
    {"tree", allreduce_tree, tree_cost, pairs_of_tree},
    {"ring", allreduce_ring, ring_cost, pairs_of_ring},
    {"recursive-doubling", allreduce_recursive_doubling, recursive_doubling_cost, pairs_of_doubling},
    {"rabenseifner", allreduce_rabenseifner, rabenseifner_cost, pairs_of_doubling},
    {"flat", allreduce_flat, flat_cost, pairs_with_first},
    {"library", allreduce_library, nullptr, all_pairs},
};

}  // namespace

std::span<const CollectiveRow> CollectiveRow::all() {
    return collectives;
}

void pairs_of_ring(const Members& members, PairVisitor visit) {
    if (members.size == 1) return;
    for (std::size_t i = 0; i < members.size; ++i)
        visit(members.rank(i), members.rank((i + 1) % members.size));
}

void pairs_of_tree(const Members& members, PairVisitor visit) {
    for (std::size_t distance = 1; distance < members.size; distance *= 2)
        for (std::size_t i = 0; i + distance < members.size; i += 2 * distance)
            visit(members.rank(i), members.rank(i + distance));
}

}  // namespace lockstep::comm
