#include "compression/bit_packing.hpp"

#include <cassert>

#include "compression/word.hpp"

namespace lockstep::compression {
namespace {

constexpr unsigned word_bits = 32;

}  // namespace

std::size_t packed_words(std::size_t count, unsigned bits) {
    return (count * bits + word_bits - 1) / word_bits;
}

void BitWriter::put(std::uint32_t number, unsigned bits) {
    pending_ |= std::uint64_t{number} << filled_;
    filled_ += bits;
    if (filled_ < word_bits) return;
    set_word(code_, next_++, static_cast<std::uint32_t>(pending_));
    pending_ >>= word_bits;
    filled_ -= word_bits;
}

void BitWriter::finish() {
    if (filled_ > 0) set_word(code_, next_++, static_cast<std::uint32_t>(pending_));
    filled_ = 0;
    assert(next_ == code_.size());
}

std::uint32_t BitReader::take(unsigned bits) {
    if (filled_ < bits) {
        pending_ |= std::uint64_t{word(code_, next_++)} << filled_;
        filled_ += word_bits;
    }
    const auto number = static_cast<std::uint32_t>(pending_ & ((std::uint64_t{1} << bits) - 1));
    pending_ >>= bits;
    filled_ -= bits;
    return number;
}

}  // namespace lockstep::compression
