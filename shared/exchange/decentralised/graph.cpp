#include "exchange/decentralised/graph.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <stdexcept>

#include "scenario/graph.hpp"

namespace lockstep::exchange {
namespace {

using Ranks = std::vector<std::size_t>;

Ranks ring(std::size_t workers, std::size_t rank) {
    if (workers == 1) return {};
    if (workers == 2) return {1 - rank};
    return {(rank + 1) % workers, (rank + workers - 1) % workers};
}

/// Ranks row by row.
Ranks torus(std::size_t workers, std::size_t rank) {
    const auto [rows, columns] = scenario::torus_shape(workers);
    assert(rows >= 3);  // else a worker would be its neighbour's neighbour twice
    const std::size_t row = rank / columns;
    const std::size_t column = rank % columns;
    return {row * columns + (column + 1) % columns, (row + 1) % rows * columns + column,
            (row + rows - 1) % rows * columns + column, row * columns + (column + columns - 1) % columns};
}

Ranks hypercube(std::size_t workers, std::size_t rank) {
    assert(std::has_single_bit(workers));
    Ranks all;
    for (std::size_t bit = 1; bit < workers; bit *= 2) all.push_back(rank ^ bit);
    return all;
}

Ranks complete(std::size_t workers, std::size_t rank) {
    Ranks all;
    for (std::size_t distance = 1; distance < workers; ++distance) all.push_back((rank + distance) % workers);
    return all;
}

/// Of `rank` at distances 1, 2, 4, ... around the circle, forwards or backwards.
Ranks exponential(std::size_t workers, std::size_t rank, bool backwards) {
    Ranks all;
    for (std::size_t distance = 1; distance < workers; distance *= 2)
        all.push_back((rank + (backwards ? workers - distance : distance)) % workers);
    return all;
}

Ranks linked(scenario::Graph graph, std::size_t workers, std::size_t rank, bool backwards) {
    switch (graph) {
        case scenario::Graph::ring:
            return ring(workers, rank);
        case scenario::Graph::torus:
            return torus(workers, rank);
        case scenario::Graph::hypercube:
            return hypercube(workers, rank);
        case scenario::Graph::complete:
            return complete(workers, rank);
        case scenario::Graph::exponential:
            return exponential(workers, rank, backwards);
    }
    throw std::logic_error("a graph without neighbours");
}

}  // namespace

Neighbours neighbours(scenario::Graph graph, std::size_t workers, std::size_t rank) {
    Neighbours found{linked(graph, workers, rank, false), linked(graph, workers, rank, true)};
    std::ranges::sort(found.targets, {},
                      [&](std::size_t target) { return (target + workers - rank) % workers; });
    std::ranges::sort(found.sources);
    return found;
}

std::size_t degree(scenario::Graph graph, std::size_t workers) {
    return linked(graph, workers, 0, false).size();
}

}  // namespace lockstep::exchange
