#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/vector_math.hpp"
#include "compression/power_sgd.hpp"
#include "vectors.hpp"

namespace lockstep::test {

/// A random matrix of the given rank, row by row.
inline Floats low_rank(std::size_t rows, std::size_t columns, std::size_t rank, std::uint32_t index) {
    const Floats left = uniform(rows * rank, 2 * index);
    const Floats right = uniform(columns * rank, 2 * index + 1);
    Floats matrix(rows * columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            for (std::size_t k = 0; k < rank; ++k)
                matrix[r * columns + c] += left[r * rank + k] * right[c * rank + k];
    return matrix;
}

/// The mean of vectors, as an allreduce would make it.
inline Floats mean(const std::vector<Floats>& vectors) {
    Floats sum(vectors.front().size());
    for (const Floats& vector : vectors) base::add(sum, vector);
    base::scale(sum, 1.0F / static_cast<float>(vectors.size()));
    return sum;
}

/// One round of workers with these vectors, all of which share one PowerSgd, as theirs are equal.
inline Floats power_round(compression::PowerSgd& power, const std::vector<Floats>& workers) {
    std::vector<Floats> factors(workers.size(), Floats(power.layout().left_values()));
    for (std::size_t w = 0; w < workers.size(); ++w) power.left_factors(workers[w], factors[w]);
    Floats left = mean(factors);
    power.orthonormalise(left);
    factors.assign(workers.size(), Floats(power.layout().right_values()));
    for (std::size_t w = 0; w < workers.size(); ++w) power.right_factors(workers[w], left, factors[w]);
    const Floats right = mean(factors);
    Floats decoded(power.layout().values());
    power.decode(left, right, decoded);
    power.warm_start(right);
    return decoded;
}

}  // namespace lockstep::test
