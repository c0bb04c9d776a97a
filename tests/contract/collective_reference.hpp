#pragma once

#include <vector>

namespace lockstep::contract {

/// The sums that the collectives of comm/allreduce.hpp document, added in the documented order by one plain
/// program. Shapes: `ranks` holds one vector of n values per rank; the result is the one sum that every rank
/// must end with.
using Vectors = std::vector<std::vector<float>>;

std::vector<float> tree_sum(Vectors ranks);
std::vector<float> ring_sum(Vectors ranks);
std::vector<float> recursive_doubling_sum(Vectors ranks);
std::vector<float> rabenseifner_sum(Vectors ranks);
std::vector<float> flat_sum(Vectors ranks);

}  // namespace lockstep::contract
