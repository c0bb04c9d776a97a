#include "base/vector_math.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace lockstep::base {

void add(std::span<float> target, std::span<const float> source) {
    assert(target.size() == source.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += source[i];
}

void scale(std::span<float> target, float factor) {
    for (float& value : target) value *= factor;
}

void add_difference(std::span<float> target, std::span<const float> a, std::span<const float> b) {
    assert(target.size() == a.size() && target.size() == b.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += a[i] - b[i];
}

void mix(std::span<float> target, std::span<const float> source, float weight) {
    assert(target.size() == source.size());
    if (weight == 1.0F) return copy(target, source);  // also where target holds an infinity
    const float kept = 1.0F - weight;
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = kept * target[i] + weight * source[i];
}

void descend(std::span<float> target, std::span<const float> gradient, float rate) {
    assert(target.size() == gradient.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] -= rate * gradient[i];
}

void copy(std::span<float> target, std::span<const float> source) {
    assert(target.size() == source.size());
    std::copy(source.begin(), source.end(), target.begin());
}

double dot(std::span<const float> a, std::span<const float> b) {
    assert(a.size() == b.size());
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> sums{};
    const std::size_t whole = a.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += double{a[i + lane]} * double{b[i + lane]};
    for (std::size_t i = whole; i < a.size(); ++i) sums[i - whole] += double{a[i]} * double{b[i]};
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace lockstep::base
