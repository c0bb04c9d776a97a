#pragma once

#include <vector>

namespace lockstep::contract {

/// The sums that the collectives of comm/collectives/allreduce.hpp document, added in the documented order by
/// one plain program. Shapes: `ranks` holds one vector of n values per rank; the result is the one sum that
/// every rank must end with.
using Vectors = std::vector<std::vector<float>>;

/// What becomes of a value that is sent, on both sides, and of every value of the result.
using Rounding = float (*)(float value);
inline float as_it_is(float value) {
    return value;
}

std::vector<float> tree_sum(Vectors ranks, Rounding sent = as_it_is);
std::vector<float> ring_sum(Vectors ranks, Rounding sent = as_it_is);
std::vector<float> recursive_doubling_sum(Vectors ranks, Rounding sent = as_it_is);
std::vector<float> rabenseifner_sum(Vectors ranks, Rounding sent = as_it_is);
std::vector<float> flat_sum(Vectors ranks, Rounding sent = as_it_is);

}  // namespace lockstep::contract
