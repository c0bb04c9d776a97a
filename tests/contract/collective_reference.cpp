#include "tests/contract/collective_reference.hpp"

#include <bit>
#include <cstddef>

namespace lockstep::contract {
namespace {

void add(std::vector<float>& target, const std::vector<float>& source) {
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += source[i];
}

/// Of p = p' + r ranks the first 2 r add up in pairs, which leaves p' vectors.
Vectors fold(const Vectors& ranks) {
    const std::size_t surplus = ranks.size() - std::bit_floor(ranks.size());
    Vectors folded;
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        folded.push_back(ranks[rank]);
        if (rank < 2 * surplus) add(folded.back(), ranks[++rank]);
    }
    return folded;
}

/// Everybody adds the vector of the partner at this distance.
void swap_and_add(Vectors& ranks, std::size_t distance) {
    const Vectors before = ranks;
    for (std::size_t i = 0; i < ranks.size(); ++i) add(ranks[i], before[i ^ distance]);
}

}  // namespace

std::vector<float> tree_sum(Vectors ranks) {
    for (std::size_t distance = 1; distance < ranks.size(); distance *= 2)
        for (std::size_t rank = 0; rank + distance < ranks.size(); rank += 2 * distance)
            add(ranks[rank], ranks[rank + distance]);
    return ranks[0];
}

std::vector<float> ring_sum(Vectors ranks) {
    const std::size_t p = ranks.size();
    std::vector<float> sum = ranks[0];
    for (std::size_t chunk = 0; chunk < p; ++chunk)
        for (std::size_t i = chunk * sum.size() / p; i < (chunk + 1) * sum.size() / p; ++i) {
            sum[i] = ranks[chunk][i];  // starts on the rank of its own number and goes round from there
            for (std::size_t step = 1; step < p; ++step) sum[i] += ranks[(chunk + step) % p][i];
        }
    return sum;
}

std::vector<float> recursive_doubling_sum(Vectors ranks) {
    ranks = fold(ranks);
    for (std::size_t distance = 1; distance < ranks.size(); distance *= 2) swap_and_add(ranks, distance);
    return ranks[0];
}

std::vector<float> rabenseifner_sum(Vectors ranks) {
    ranks = fold(ranks);
    for (std::size_t distance = ranks.size() / 2; distance > 0; distance /= 2) swap_and_add(ranks, distance);
    return ranks[0];
}

std::vector<float> flat_sum(Vectors ranks) {
    for (std::size_t rank = 1; rank < ranks.size(); ++rank) add(ranks[0], ranks[rank]);
    return ranks[0];
}

}  // namespace lockstep::contract
