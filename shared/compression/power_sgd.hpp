#pragma once

#include <cstddef>
#include <span>

#include "base/block.hpp"
#include "base/float_buffer.hpp"
#include "base/random.hpp"
#include "compression/factor_layout.hpp"

namespace lockstep::compression {

/// P Q' of the factored blocks and a copy of the others, which the left factors hold.
/// Shapes: left_values(), right_values() to values(). Cost: layout.product_flops().
void decode_factors(const FactorLayout& layout, std::span<const float> left, std::span<const float> right,
                    std::span<float> vector);

/// Sends matrices as two thin factors, P Q' of rank r, found by one step of power iteration a round.
///
/// The factors are linear in what each worker has, so they are added up by an allreduce. A round, all ranks
/// in step, the means being the caller's:
///
///     left_factors(u, left)             P = M Q
///     left = mean over workers
///     orthonormalise(left)              P'P = 1
///     right_factors(u, left, right)     Q = M'P
///     right = mean over workers
///     decode(left, right, mean_u)       P Q', about the mean of u
///     warm_start(right)                 the next round begins with this Q
///
/// The result is P P' (mean M): exact up to rounding where the mean has rank r or less. It is biased, so u is
/// the update plus what ErrorFeedback owes; what to subtract there is the mean just decoded (the authors'
/// program), or decode() of the worker's own right factors (the paper's algorithm 2); either way mean m =
/// mean u - decoded.
///
/// Deterministic; all workers that are given equal blocks, rank and draws have equal Q in every round.
/// Cost: left_values() + right_values() words; flops by phase in FactorLayout.
/// Source: Vogels, Karimireddy, Jaggi, "PowerSGD", 2019 (1905.13727), algorithms 1 and 2.
class PowerSgd {
  public:
    /// Blocks as for FactorLayout. The first round's Q is uniform on [-1, 1], one draw a value, columns
    /// normalised.
    PowerSgd(std::span<const base::Block> blocks, std::size_t rank, base::RandomStream draws);

    const FactorLayout& layout() const { return layout_; }

    /// P = M Q of the factored blocks and a copy of the others.
    /// Shapes: layout().values() to layout().left_values(). Cost: layout().product_flops().
    void left_factors(std::span<const float> vector, std::span<float> left) const;

    /// Makes every P's columns orthonormal, by Gram-Schmidt from the first on; a column that depends on those
    /// before it becomes zero. Cost: layout().orthonormalise_flops().
    void orthonormalise(std::span<float> left) const;

    /// Q = M'P, with P as orthonormalise() has left it.
    /// Shapes: layout().values(), left_values() to right_values(). Cost: layout().product_flops().
    void right_factors(std::span<const float> vector, std::span<const float> left,
                       std::span<float> right) const;

    /// decode_factors().
    void decode(std::span<const float> left, std::span<const float> right, std::span<float> vector) const {
        decode_factors(layout_, left, right, vector);
    }

    /// Lets the next round begin with these right factors, columns normalised. A column of zeros, which would
    /// stay zero for ever, begins anew from the first round's. Cost: layout().warm_start_flops().
    void warm_start(std::span<const float> right);

    /// The Q that the next round begins with: all that is remembered from round to round.
    std::span<float> memory() { return right_; }

  private:
    FactorLayout layout_;
    base::FloatBuffer first_;  ///< the Q of the first round
    base::FloatBuffer right_;  ///< the Q of this one
};

}  // namespace lockstep::compression
