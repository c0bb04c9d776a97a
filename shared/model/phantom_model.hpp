#pragma once

#include <span>
#include <string_view>

namespace lockstep::model {

/// A network known by its size alone, for timing-only runs of what no laptop trains.
struct PhantomModel {
    std::string_view name;
    double parameters;
    double multiply_adds;  ///< of one sample's forward pass: what the literature mostly calls its "FLOPs"
    std::string_view source;
};

/// The presets. Example: ResNet-50 has 25 557 032 parameters and takes 4.09e9 multiply-adds forward.
std::span<const PhantomModel> phantom_models();

/// Null where there is none of that name.
const PhantomModel* find_phantom_model(std::string_view name);

/// Floating-point operations that training spends on a sample where its forward pass takes that many
/// multiply-adds: two operations each, and backward as much again for the layers' inputs and for their
/// weights. Source: Kaplan et al., "Scaling laws for neural language models" (2020), section 2.1 (C = 6 N).
constexpr double training_flops(double multiply_adds) {
    return 6 * multiply_adds;
}

}  // namespace lockstep::model
