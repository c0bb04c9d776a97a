#include "tests/contract/comm/collective_reference.hpp"

#include <bit>
#include <cstddef>

namespace lockstep::contract {
namespace {

void add(std::vector<float>& target, const std::vector<float>& source, Rounding sent) {
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += sent(source[i]);
}

std::vector<float> rounded(std::vector<float> vector, Rounding sent) {
    for (float& value : vector) value = sent(value);
    return vector;
}

/// Of p = p' + r ranks the first 2 r add up in pairs, which leaves p' vectors.
Vectors fold(const Vectors& ranks, Rounding sent) {
    const std::size_t surplus = ranks.size() - std::bit_floor(ranks.size());
    Vectors folded;
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        folded.push_back(ranks[rank]);
        if (rank >= 2 * surplus) continue;
        folded.back() = ranks[rank + 1];
        add(folded.back(), ranks[rank], sent);
        ++rank;
    }
    return folded;
}

}  // namespace

std::vector<float> tree_sum(Vectors ranks, Rounding sent) {
    for (std::size_t distance = 1; distance < ranks.size(); distance *= 2)
        for (std::size_t rank = 0; rank + distance < ranks.size(); rank += 2 * distance)
            add(ranks[rank], ranks[rank + distance], sent);
    return rounded(ranks[0], sent);
}

std::vector<float> ring_sum(Vectors ranks, Rounding sent) {
    const std::size_t p = ranks.size();
    std::vector<float> sum = ranks[0];
    for (std::size_t chunk = 0; chunk < p; ++chunk)
        for (std::size_t i = chunk * sum.size() / p; i < (chunk + 1) * sum.size() / p; ++i) {
            sum[i] = ranks[chunk][i];  // starts on the rank of its own number and goes round from there
            for (std::size_t step = 1; step < p; ++step) sum[i] = ranks[(chunk + step) % p][i] + sent(sum[i]);
        }
    return rounded(sum, sent);
}

/// Both sides of a swap have sent, and rounded, all they hold.
std::vector<float> recursive_doubling_sum(Vectors ranks, Rounding sent) {
    ranks = fold(ranks, sent);
    for (std::size_t distance = 1; distance < ranks.size(); distance *= 2) {
        for (auto& one : ranks) one = rounded(one, sent);
        const Vectors before = ranks;
        for (std::size_t i = 0; i < ranks.size(); ++i) add(ranks[i], before[i ^ distance], sent);
    }
    return rounded(ranks[0], sent);
}

/// Each side of a swap adds what it keeps to the rounded values that it gets: as if every rank kept all, of
/// which in the end that counts which it does keep.
std::vector<float> rabenseifner_sum(Vectors ranks, Rounding sent) {
    ranks = fold(ranks, sent);
    for (std::size_t distance = ranks.size() / 2; distance > 0; distance /= 2) {
        const Vectors before = ranks;
        for (std::size_t i = 0; i < ranks.size(); ++i) add(ranks[i], before[i ^ distance], sent);
    }
    std::vector<float> sum;
    const std::size_t n = ranks[0].size();
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t owner = 0;
        std::size_t begin = 0;
        std::size_t length = n;
        for (std::size_t distance = ranks.size() / 2; distance > 0; distance /= 2) {
            const std::size_t lower = length / 2;
            const bool above = i >= begin + lower;
            begin += above ? lower : 0;
            length = above ? length - lower : lower;
            owner += above ? distance : 0;
        }
        sum.push_back(ranks[owner][i]);
    }
    return rounded(sum, sent);
}

std::vector<float> flat_sum(Vectors ranks, Rounding sent) {
    for (std::size_t rank = 1; rank < ranks.size(); ++rank) add(ranks[0], ranks[rank], sent);
    return rounded(ranks[0], sent);
}

}  // namespace lockstep::contract
