#include "base/vector_math.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/vectorised.hpp"

namespace lockstep::base {

LOCKSTEP_VECTORISED void add(std::span<float> target, std::span<const float> source) {
    assert(target.size() == source.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += source[i];
}

LOCKSTEP_VECTORISED void add_scaled(std::span<float> target, std::span<const float> source, float factor) {
    assert(target.size() == source.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += factor * source[i];
}

LOCKSTEP_VECTORISED void scale(std::span<float> target, float factor) {
    for (float& value : target) value *= factor;
}

LOCKSTEP_VECTORISED void add_difference(std::span<float> target, std::span<const float> a,
                                        std::span<const float> b) {
    assert(target.size() == a.size() && target.size() == b.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += a[i] - b[i];
}

LOCKSTEP_VECTORISED void add_scaled_difference(std::span<float> target, std::span<const float> a,
                                               std::span<const float> b, float factor) {
    assert(target.size() == a.size() && target.size() == b.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += factor * (a[i] - b[i]);
}

LOCKSTEP_VECTORISED void mix(std::span<float> target, std::span<const float> source, float weight) {
    assert(target.size() == source.size());
    if (weight == 1.0F) return copy(target, source);  // also where target holds an infinity
    const float kept = 1.0F - weight;
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = kept * target[i] + weight * source[i];
}

LOCKSTEP_VECTORISED void descend(std::span<float> target, std::span<const float> gradient, float rate) {
    assert(target.size() == gradient.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] -= rate * gradient[i];
}

LOCKSTEP_VECTORISED void descend_outer(std::span<float> target, std::span<const float> left,
                                       std::span<const float> right, float rate) {
    assert(target.size() == left.size() * right.size());
    for (std::size_t i = 0; i < left.size(); ++i)
        for (std::size_t j = 0; j < right.size(); ++j)
            target[i * right.size() + j] -= rate * (left[i] * right[j] + 0.0F);  // a sum has no -0
}

LOCKSTEP_VECTORISED void compensate(std::span<float> gradient, std::span<const float> v,
                                    std::span<const float> w, float factor) {
    assert(gradient.size() == v.size() && gradient.size() == w.size());
    for (std::size_t i = 0; i < gradient.size(); ++i)
        gradient[i] += factor * (gradient[i] * gradient[i]) * (v[i] - w[i]);
}

LOCKSTEP_VECTORISED void compensate_adaptively(std::span<float> gradient, std::span<const float> v,
                                               std::span<const float> w, float factor,
                                               std::span<float> mean_square, float decay) {
    assert(gradient.size() == v.size() && gradient.size() == w.size() &&
           gradient.size() == mean_square.size());
    const float share = 1.0F - decay;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const float square = gradient[i] * gradient[i];
        mean_square[i] = decay * mean_square[i] + share * square;
        gradient[i] += factor / std::sqrt(mean_square[i] + 1e-7F) * square * (v[i] - w[i]);
    }
}

void copy(std::span<float> target, std::span<const float> source) {
    assert(target.size() == source.size());
    std::copy(source.begin(), source.end(), target.begin());
}

LOCKSTEP_VECTORISED double dot(std::span<const float> a, std::span<const float> b) {
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
