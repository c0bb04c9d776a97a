#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/one_of.hpp"
#include "exchange/server/staleness.hpp"
#include "exchange/update_kernel.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// What a worker's w_i does to the shared v.
struct UpdateRuleRow {
    static constexpr std::string_view what = "update rule";
    std::string_view name;
    /// Of a contribution that counts `weight`; `beta` is that of `mix`.
    void (*apply)(std::span<float> v, std::span<const float> w, std::span<const float> received, float weight,
                  float beta);
    double flops;          ///< a value
    double weighed_flops;  ///< a value, of a contribution whose weight is not 1
    /// v + (w - received) is w where nothing has changed v since: then it is set to just that, so that one
    /// worker alone reproduces serial training to the bit.
    bool replaces_where_fresh;
    bool has_beta;
    bool takes_weights;
    bool is_additive;  ///< what a worker adds does not depend on what others have added

    static std::span<const UpdateRuleRow> all();
};

/// * delta: v += w_i - received, where received is the v that the worker started from: its own progress is
/// added to everybody's. 2 n operations, 3 n if the weight is not 1.
/// * mix: v = (1 - beta) v + beta w_i. 3 n operations.
/// * replace: v = w_i: the progress of others since then is lost. None.
///
/// A contribution's weight multiplies what delta adds, and beta.
///
/// Example with v = 10, received = 8, w_i = 7: delta gives 9, mix with beta 0.5 gives 8.5, replace gives 7.
using UpdateRule = base::OneOf<UpdateRuleRow>;

/// Of methods whose workers send parameters.
struct Updating {
    UpdateRule update = "delta";
    double beta = 0.5;  ///< above 0 and at most 1

    /// Applies and charges.
    void apply(std::span<float> v, std::span<const float> w, std::span<const float> received,
               std::uint64_t staleness, const Weighing& weighing) const;

    /// `apply` to so many values by contributions of that staleness; none where that takes no operations.
    std::vector<UpdateKernel> kernels(std::size_t values, std::uint64_t staleness, const Weighing& weighing,
                                      double a_step) const;

    /// Throws base::InputError where the rule cannot be weighed.
    void check(const Weighing& weighing) const;

    bool operator==(const Updating&) const = default;
    static std::vector<option::Option<Updating>> options();

  private:
    double flops(float weight) const { return weight == 1 ? update->flops : update->weighed_flops; }
};

}  // namespace lockstep::exchange
