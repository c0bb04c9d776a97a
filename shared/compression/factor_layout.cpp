#include "compression/factor_layout.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::compression {

FactorLayout::FactorLayout(std::span<const base::Block> blocks, std::size_t rank) : rank_(rank) {
    if (rank == 0) throw base::InputError("FactorLayout", "rank 0", "at least 1");
    parts_.reserve(blocks.size());
    const auto r = static_cast<double>(rank);
    for (const base::Block& block : blocks) {
        if (block.first != values_)
            throw base::InputError("FactorLayout", fmt::format("a block at {}", block.first),
                                   fmt::format("one at {}, where the block before ends", values_));
        const bool factored = rank * (block.rows + block.columns) < block.size();
        parts_.push_back({block, factored, left_values_, right_values_});
        values_ += block.size();
        left_values_ += factored ? rank * block.rows : block.size();
        if (!factored) continue;
        right_values_ += rank * block.columns;
        product_flops_ += 2 * r * static_cast<double>(block.size());
        orthonormalise_flops_ += r * (4 * (r - 1) + 5) * static_cast<double>(block.rows);
    }
}

}  // namespace lockstep::compression
