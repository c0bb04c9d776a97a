#include "model/activation.hpp"

#include <cassert>
#include <cstdint>

#include <Eigen/Core>

namespace lockstep::model {
namespace {

bool is_aligned(const float* values) {
    return reinterpret_cast<std::uintptr_t>(values) % 64 == 0;
}

auto aligned(float* values, std::size_t count) {
    assert(is_aligned(values));
    return Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>(values,
                                                        static_cast<Eigen::Index>(whole_vectors(count)));
}

auto aligned(const float* values, std::size_t count) {
    assert(is_aligned(values));
    return Eigen::Map<const Eigen::ArrayXf, Eigen::Aligned64>(
        values, static_cast<Eigen::Index>(whole_vectors(count)));
}

}  // namespace

void exponentiate(float* values, std::size_t count) {
    auto x = aligned(values, count);
    x = x.exp();
}

void activate(Activation activation, float* values, std::size_t count) {
    auto x = aligned(values, count);
    switch (activation) {
        case Activation::sigmoid:  // Eigen's own logistic() is off by 4e-4 of the value near -9
            x = (1.0F + (-x).exp()).inverse();
            break;
        case Activation::tanh:
            x = x.tanh();
            break;
        case Activation::relu:
            x = (x < 0.0F).select(0.0F, x);
            break;
    }
}

void differentiate(Activation activation, float* values, const float* back, std::size_t count) {
    auto a = aligned(values, count);
    const auto error = aligned(back, count);
    switch (activation) {
        case Activation::sigmoid:
            a = error * (a * (1.0F - a));
            break;
        case Activation::tanh:
            a = error * (1.0F - a * a);
            break;
        case Activation::relu:
            a = (a > 0.0F).select(error, 0.0F);
            break;
    }
}

}  // namespace lockstep::model
