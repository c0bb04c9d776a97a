#pragma once

#include <span>

namespace lockstep::base {

/// Element-wise arithmetic on float32 vectors of equal length. Compiled once, without contraction into fused
/// multiply-adds, so that every caller in either world gets the same last bit. Cost: one pass over memory.

/// target += source.
void add(std::span<float> target, std::span<const float> source);

/// target += factor * source.
void add_scaled(std::span<float> target, std::span<const float> source, float factor);

/// target *= factor.
void scale(std::span<float> target, float factor);

/// target += a - b, with both operations rounded.
void add_difference(std::span<float> target, std::span<const float> a, std::span<const float> b);

/// target += factor * (a - b). target may be one of the others.
void add_scaled_difference(std::span<float> target, std::span<const float> a, std::span<const float> b,
                           float factor);

/// target = (1 - weight) target + weight source. With weight 1 the result is source, bit for bit.
void mix(std::span<float> target, std::span<const float> source, float weight);

/// target -= rate * gradient.
void descend(std::span<float> target, std::span<const float> gradient, float rate);

/// target -= rate * (left outer right), row by row: target[i n + j] -= rate * (0 + left[i] * right[j]) with n
/// values in `right`. The bits of `descend` by that matrix.
void descend_outer(std::span<float> target, std::span<const float> left, std::span<const float> right,
                   float rate);

/// gradient += factor * gradient * gradient * (v - w).
void compensate(std::span<float> gradient, std::span<const float> v, std::span<const float> w, float factor);

/// mean_square = decay mean_square + (1 - decay) gradient * gradient, then `compensate` by factor /
/// sqrt(mean_square + 1e-7), value by value.
void compensate_adaptively(std::span<float> gradient, std::span<const float> v, std::span<const float> w,
                           float factor, std::span<float> mean_square, float decay);

/// target = source.
void copy(std::span<float> target, std::span<const float> source);

/// Sum of a[i] b[i] in float64, taken as eight interleaved partial sums that are added in order: the same
/// bits whatever the alignment and the width of vector registers.
double dot(std::span<const float> a, std::span<const float> b);

}  // namespace lockstep::base
