#include "model/activation.hpp"

#include <cassert>
#include <cstdint>

#include "base/vectorised.hpp"

namespace lockstep::model {
namespace {

bool is_aligned(const float* values) {
    return reinterpret_cast<std::uintptr_t>(values) % 64 == 0;
}

LOCKSTEP_VECTORISED void exponentials(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) x[i] = ::expf(x[i]);
}

LOCKSTEP_VECTORISED void sigmoids(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) x[i] = 1.0F / (1.0F + ::expf(-x[i]));
}

LOCKSTEP_VECTORISED void hyperbolic_tangents(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) x[i] = ::tanhf(x[i]);
}

LOCKSTEP_VECTORISED void rectify(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) x[i] = x[i] < 0.0F ? 0.0F : x[i];
}

LOCKSTEP_VECTORISED void differentiate_sigmoids(float* a, const float* error, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) a[i] = error[i] * (a[i] * (1.0F - a[i]));
}

LOCKSTEP_VECTORISED void differentiate_tangents(float* a, const float* error, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) a[i] = error[i] * (1.0F - a[i] * a[i]);
}

LOCKSTEP_VECTORISED void differentiate_rectified(float* a, const float* error, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) a[i] = a[i] > 0.0F ? error[i] : 0.0F;
}

}  // namespace

void exponentiate(float* values, std::size_t count) {
    assert(is_aligned(values));
    exponentials(values, whole_vectors(count));
}

void activate(Activation activation, float* values, std::size_t count) {
    assert(is_aligned(values));
    const std::size_t whole = whole_vectors(count);
    switch (activation) {
        case Activation::sigmoid:
            return sigmoids(values, whole);
        case Activation::tanh:
            return hyperbolic_tangents(values, whole);
        case Activation::relu:
            return rectify(values, whole);
    }
}

void differentiate(Activation activation, float* values, const float* back, std::size_t count) {
    assert(is_aligned(values) && is_aligned(back));
    const std::size_t whole = whole_vectors(count);
    switch (activation) {
        case Activation::sigmoid:
            return differentiate_sigmoids(values, back, whole);
        case Activation::tanh:
            return differentiate_tangents(values, back, whole);
        case Activation::relu:
            return differentiate_rectified(values, back, whole);
    }
}

}  // namespace lockstep::model
