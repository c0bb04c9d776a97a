#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/one_of.hpp"
#include "exchange/server/gradient_server.hpp"
#include "exchange/server/server_parts.hpp"

namespace lockstep::exchange {

enum class Compensation { constant, adaptive };
inline constexpr base::Named<Compensation> compensation_names[]{{Compensation::constant, "constant"},
                                                                {Compensation::adaptive, "adaptive"}};
constexpr std::span<const base::Named<Compensation>> names_of(Compensation /*any*/) {
    return compensation_names;
}

struct DcAsgdOptions {
    double compensation = 0.04;  ///< lambda
    Compensation compensation_rule = Compensation::constant;
    double compensation_decay = 0.95;  ///< m, of the mean square of gradients that adapts it

    bool operator==(const DcAsgdOptions&) const = default;
    static std::vector<option::Option<DcAsgdOptions>> options();
};

/// Asynchronous SGD with delay compensation (Zheng et al. 2017, 1609.08326, algorithm 2): a gradient g that a
/// worker took at w, the v that it got last, enters v as
///
///     v -= rate (g + lambda g*g*(v - w))
///
/// since g*g estimates the diagonal of the Hessian, along which the gradient has changed from w to v.
/// Adaptive (`--compensation-rule`): lambda / sqrt(mean square + 1e-7) for each value, with
/// mean square = m mean square + (1 - m) g*g, from 0. lambda = 0 is plain asynchronous SGD, no delay plain
/// SGD.
///
/// Cost: two messages of B bytes a step; on the server 7 n operations (adaptive 13 n; lambda = 0: 2 n).
class DcAsgd final : public GradientMethod<DcAsgd, DcAsgdOptions, Weighing, ServerParts> {
  public:
    static constexpr MethodTraits about{.name = "dc-asgd",
                                        .summary = "as by-arrival, with gradients corrected for their delay",
                                        .server = ServerUse::always,
                                        .optimisers = OptimiserUse::sgd};
    using GradientMethod::GradientMethod;

    std::size_t server_count() const override { return servers; }
    bool others_may_go_on(const Optimising& /*optimising*/) const override {
        return compensation_rule != Compensation::adaptive;
    }
    void check(const Team& team) const override;
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;

  private:
    void serve(Participant& participant) const override;
};

}  // namespace lockstep::exchange
