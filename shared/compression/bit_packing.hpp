#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lockstep::compression {

/// Words that hold `count` numbers of `bits` bits each without gaps.
///
/// Number i is at bits i*bits .. (i+1)*bits-1, counted from the lowest bit of the first word: of 5-bit
/// numbers the seventh is in the two highest bits of word 0 and the three lowest of word 1.
std::size_t packed_words(std::size_t count, unsigned bits);

/// Writes numbers of 1 to 32 bits into the words of a code, lowest bits first.
class BitWriter {
  public:
    explicit BitWriter(std::span<float> code) : code_(code) {}

    /// `number` < 2^bits.
    void put(std::uint32_t number, unsigned bits);
    /// Writes the word begun, if any, with zeros above; the last call.
    void finish();

  private:
    std::span<float> code_;
    std::size_t next_ = 0;
    std::uint64_t pending_ = 0;
    unsigned filled_ = 0;
};

/// Reads what a BitWriter has written.
class BitReader {
  public:
    explicit BitReader(std::span<const float> code) : code_(code) {}

    std::uint32_t take(unsigned bits);

  private:
    std::span<const float> code_;
    std::size_t next_ = 0;
    std::uint64_t pending_ = 0;
    unsigned filled_ = 0;
};

}  // namespace lockstep::compression
