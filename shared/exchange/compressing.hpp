#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/block.hpp"
#include "base/one_of.hpp"
#include "comm/collectives/half_wire.hpp"
#include "compression/codec.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

struct Compressing;

/// How gradients are compressed on their way.
struct CompressionRow {
    static constexpr std::string_view what = "compression";
    /// How a mean over workers is made of them.
    enum class Mean {
        of_sums,     ///< they are summed by a collective, as `wire` says
        of_codes,    ///< every worker gets the codes of all and decodes them
        of_factors,  ///< a mean of each factor is taken
        of_signs     ///< as of_codes, and the majority of signs in place of the mean
    };

    std::string_view name;
    Mean mean;
    comm::WireFormat wire;
    /// Biased: it needs error feedback, in which the learning rate belongs.
    bool owes;
    /// Whether what is decoded is of the gradient's own size.
    bool keeps_size;
    /// A codec of vectors that consist of `blocks`. Null: gradients travel as they are.
    std::unique_ptr<compression::Codec> (*make)(const Compressing& chosen,
                                                std::span<const base::Block> blocks);

    bool is_plain() const { return make == nullptr; }
    bool gathers_codes() const { return mean == Mean::of_codes || mean == Mean::of_signs; }

    static std::span<const CompressionRow> all();
};

using Compression = base::OneOf<CompressionRow>;

/// Of methods that send gradients.
struct Compressing {
    Compression compression = "none";
    double top_k = 0.01;               ///< share of the values that top-k keeps, above 0 and at most 1
    std::size_t levels = 4;            ///< of qsgd
    std::size_t compression_rank = 2;  ///< of power-sgd

    /// Null where gradients travel as they are.
    std::unique_ptr<compression::Codec> codec(std::span<const base::Block> blocks) const {
        return compression->is_plain() ? nullptr : compression->make(*this, blocks);
    }
    /// 32-bit words of a message for a gradient of so many values that consists of `blocks`.
    std::size_t words(std::span<const base::Block> blocks, std::size_t values) const;

    bool operator==(const Compressing&) const = default;
    static std::vector<option::Option<Compressing>> options();
};

}  // namespace lockstep::exchange
