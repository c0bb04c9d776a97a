#include "base/vector_math.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

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

}  // namespace lockstep::base
