#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/one_of.hpp"

namespace lockstep::exchange {

/// Rows and columns of the torus of so many workers.
struct TorusShape {
    std::size_t rows;
    std::size_t columns;
};

/// The most nearly square one: the largest divisor up to the root gives the rows. 12 workers: 3 x 4; 7
/// workers: 1 x 7.
TorusShape torus_shape(std::size_t workers);

/// Who is whose neighbour.
struct GraphRow {
    static constexpr std::string_view what = "graph";
    std::string_view name;
    /// Whom `rank` of so many workers sends to, or (backwards) receives from, in any order.
    std::vector<std::size_t> (*linked)(std::size_t workers, std::size_t rank, bool backwards);
    /// What the graph needs where it does not exist for so many workers, for a message; empty where it does.
    std::string_view (*needs)(std::size_t workers);

    static std::span<const GraphRow> all();
};

using Graph = base::OneOf<GraphRow>;

/// A worker's place in a graph of workers, which gives its row and column of the mixing matrix W: W_ij is
/// `weight` for i itself and each of its sources j, and 0 otherwise. All rows and columns add up to 1, since
/// in each graph all workers have equally many neighbours.
///
/// | graph | neighbours of i among c | degree d | second largest eigenvalue of W |
/// |---|---|---|---|
/// | ring | i - 1, i + 1 | 2; 1 for c = 2 | 1/3 + 2/3 cos(2 pi / c); 0 for c < 4 |
/// | torus, r x s | up, down, left, right | 4 | 3/5 + 2/5 cos(2 pi / s), s >= r |
/// | hypercube | i with one bit changed | lg c | (d - 1) / (d + 1) |
/// | complete | all others | c - 1 | 0 |
/// | exponential | sends to i + 2^k for 2^k < c | lg c, rounded up | (d - 1) / (d + 1) in modulus, c even |
///
/// All are undirected but the exponential one, whose W is not symmetric. Source of its row: Ying et al.,
/// "Exponential graph is provably efficient for decentralized deep training", 2021 (2110.13363).
///
/// Example: worker 4 of 5 in a ring sends to 0 and 3, receives from 0 and 3, with weights 1/3 for 0, 3, 4.
struct Neighbours {
    std::vector<std::size_t> targets;  ///< i sends to them: who comes next after i first, around the circle
    std::vector<std::size_t> sources;  ///< i receives from them: increasing

    float weight() const { return static_cast<float>(1.0 / static_cast<double>(sources.size() + 1)); }
};

/// Of `rank`. Cost: in proportion to the degree, up to a logarithm. Precondition: the graph exists for so
/// many workers, as GraphRow::needs tells.
Neighbours neighbours(const Graph& graph, std::size_t workers, std::size_t rank);

/// How many each worker sends to.
std::size_t degree(const Graph& graph, std::size_t workers);

}  // namespace lockstep::exchange
