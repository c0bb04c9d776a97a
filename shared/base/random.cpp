#include "base/random.hpp"

#include <utility>

#include <Random123/philox.h>

namespace lockstep::base {

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t index, std::uint32_t subindex)
    : key_(seed ^ (static_cast<std::uint64_t>(purpose) * 0x9E3779B97F4A7C15ULL)),
      index_(index),
      subindex_(subindex) {}

std::uint32_t RandomStream::bits() {
    if (used_ == 4) {
        const r123::Philox4x32::key_type key = {
            {static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32)}};
        const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(block_),
                                                     static_cast<std::uint32_t>(block_ >> 32), index_,
                                                     subindex_}};
        const auto words = r123::Philox4x32{}(counter, key);
        for (unsigned i = 0; i < 4; ++i) words_[i] = words[i];
        ++block_;
        used_ = 0;
    }
    return words_[used_++];
}

double RandomStream::uniform() {
    return bits() * 0x1p-32;
}

std::uint32_t RandomStream::below(std::uint32_t bound) {
    const std::uint32_t threshold = (0U - bound) % bound;
    for (;;) {
        const std::uint64_t product = std::uint64_t{bits()} * bound;
        if (static_cast<std::uint32_t>(product) >= threshold)
            return static_cast<std::uint32_t>(product >> 32);
    }
}

void RandomStream::shuffle(std::span<std::uint32_t> values) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(i))]);
}

}  // namespace lockstep::base
