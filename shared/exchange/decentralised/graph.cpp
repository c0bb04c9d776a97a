#include "exchange/decentralised/graph.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace lockstep::exchange {
namespace {

using Ranks = std::vector<std::size_t>;

Ranks ring(std::size_t workers, std::size_t rank, bool /*backwards*/) {
    if (workers == 1) return {};
    if (workers == 2) return {1 - rank};
    return {(rank + 1) % workers, (rank + workers - 1) % workers};
}

/// Ranks row by row.
Ranks torus(std::size_t workers, std::size_t rank, bool /*backwards*/) {
    const auto [rows, columns] = torus_shape(workers);
    assert(rows >= 3);  // else a worker would be its neighbour's neighbour twice
    const std::size_t row = rank / columns;
    const std::size_t column = rank % columns;
    return {row * columns + (column + 1) % columns, (row + 1) % rows * columns + column,
            (row + rows - 1) % rows * columns + column, row * columns + (column + columns - 1) % columns};
}

Ranks hypercube(std::size_t workers, std::size_t rank, bool /*backwards*/) {
    assert(std::has_single_bit(workers));
    Ranks all;
    for (std::size_t bit = 1; bit < workers; bit *= 2) all.push_back(rank ^ bit);
    return all;
}

Ranks complete(std::size_t workers, std::size_t rank, bool /*backwards*/) {
    Ranks all;
    for (std::size_t distance = 1; distance < workers; ++distance) all.push_back((rank + distance) % workers);
    return all;
}

/// At distances 1, 2, 4, ... around the circle.
Ranks exponential(std::size_t workers, std::size_t rank, bool backwards) {
    Ranks all;
    for (std::size_t distance = 1; distance < workers; distance *= 2)
        all.push_back((rank + (backwards ? workers - distance : distance)) % workers);
    return all;
}

std::string_view nothing(std::size_t /*workers*/) {
    return {};
}
std::string_view rows_and_columns(std::size_t workers) {
    if (torus_shape(workers).rows >= 3) return {};
    return "a torus needs --workers that are a product of two numbers from 3 on, such as 9, 12, 15, 16";
}
std::string_view power_of_two(std::size_t workers) {
    return std::has_single_bit(workers) ? "" : "a hypercube needs a power of two of --workers";
}

constexpr GraphRow graphs[]{{"ring", ring, nothing},
                            {"torus", torus, rows_and_columns},
                            {"hypercube", hypercube, power_of_two},
                            {"complete", complete, nothing},
                            {"exponential", exponential, nothing}};

}  // namespace

TorusShape torus_shape(std::size_t workers) {
    std::size_t rows = 1;
    for (std::size_t divisor = 1; divisor * divisor <= workers; ++divisor)
        if (workers % divisor == 0) rows = divisor;
    return {rows, workers / rows};
}

std::span<const GraphRow> GraphRow::all() {
    return graphs;
}

Neighbours neighbours(const Graph& graph, std::size_t workers, std::size_t rank) {
    Neighbours found{graph->linked(workers, rank, false), graph->linked(workers, rank, true)};
    std::ranges::sort(found.targets, {},
                      [&](std::size_t target) { return (target + workers - rank) % workers; });
    std::ranges::sort(found.sources);
    return found;
}

std::size_t degree(const Graph& graph, std::size_t workers) {
    return graph->linked(workers, 0, false).size();
}

}  // namespace lockstep::exchange
