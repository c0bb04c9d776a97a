#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/one_of.hpp"
#include "exchange/leg.hpp"
#include "exchange/update_kernel.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// What a gradient g does to a vector w, at learning rate eta. Arithmetic is charged; costs are beside each.
class Optimiser {
  public:
    Optimiser() = default;
    Optimiser(const Optimiser&) = delete;
    Optimiser& operator=(const Optimiser&) = delete;
    virtual ~Optimiser() = default;

    /// Where the next gradient is to be taken: w, or ahead of it. Valid until the next call.
    virtual std::span<const float> look_ahead(std::span<const float> w) { return w; }

    virtual void apply(std::span<float> w, std::span<const float> gradient, float rate) = 0;

    /// What it remembers from one call to the next.
    virtual std::span<float> memory() { return {}; }
};

inline std::span<std::byte> bytes_to_keep(Optimiser& optimiser) {
    return bytes_to_keep(optimiser.memory());
}

/// * sgd: w -= eta g. 2 n operations; no memory.
/// * momentum: u = m u - eta g; w += u (heavy ball; Polyak 1964). 4 n operations; one vector.
/// * nesterov: the same with g taken at w + m u (Sutskever et al. 2013, eq. 3 and 4). 2 n operations more to
///   look ahead; two vectors.
///
/// Example, m = 0.5, eta = 1, w = 10, gradients 4 and then 2: sgd 6, 4; momentum u = -4, -4: 6, 2.
struct OptimiserRow {
    static constexpr std::string_view what = "optimiser";
    std::string_view name;
    /// For vectors of so many values.
    std::unique_ptr<Optimiser> (*make)(double momentum, std::size_t values);
    bool has_momentum;
    bool looks_ahead;  ///< its gradients are taken elsewhere than at w
    double flops;      ///< a value and step, with looking ahead

    static std::span<const OptimiserRow> all();
};

using OptimiserRule = base::OneOf<OptimiserRow>;

/// The optimiser of the workers' own steps, and of methods that apply gradients themselves.
struct Optimising {
    OptimiserRule optimiser = "sgd";
    double momentum = 0.9;  ///< m, from 0 on and below 1

    std::unique_ptr<Optimiser> make(std::size_t values) const { return optimiser->make(momentum, values); }
    /// A step of one that `make` makes, on its own.
    UpdateKernel kernel(std::size_t values, double a_step) const;
    bool operator==(const Optimising&) const = default;

    static std::vector<option::Option<Optimising>> options();
};

}  // namespace lockstep::exchange
