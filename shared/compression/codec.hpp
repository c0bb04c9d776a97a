#pragma once

#include <cstddef>
#include <span>

#include "base/random.hpp"
#include "base/vector_math.hpp"

namespace lockstep::compression {

/// A lossy code of flat float32 vectors whose encoded size depends on their length alone.
///
/// A code is an array of 32-bit words that travels as float32 values, yet is none: its words are bit patterns
/// (see word.hpp), which nobody may add, compare or print. All workers must be given equal codecs.
///
/// A codec is used by one worker; scratch grows with the longest vector seen and is then kept, so that
/// nothing is allocated from the second vector of a length on.
class Codec {
  public:
    Codec() = default;
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;
    Codec(Codec&&) = delete;
    Codec& operator=(Codec&&) = delete;
    virtual ~Codec() = default;

    /// 32-bit words of the code of a vector of so many values.
    virtual std::size_t words(std::size_t values) const = 0;

    /// Writes the code of `vector`.
    ///
    /// Shapes: code.size() == words(vector.size()). `draws`: where the code is random, every draw comes from
    /// it, as many for every vector of a length; where it is not, none is taken.
    virtual void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) = 0;

    /// Writes the vector that a code stands for; code.size() == words(vector.size()).
    virtual void decode(std::span<const float> code, std::span<float> vector) const = 0;

    /// sum += the vector that a code stands for. `scratch` is as long as `sum` and may be overwritten.
    virtual void add_decoded(std::span<const float> code, std::span<float> sum,
                             std::span<float> scratch) const {
        decode(code, scratch);
        base::add(sum, scratch);
    }

    /// Operations charged for encoding or decoding so many values; comparisons and draws count as one each.
    virtual double encode_flops(std::size_t values) const = 0;
    virtual double decode_flops(std::size_t values) const = 0;
    virtual double add_flops(std::size_t values) const {
        return decode_flops(values) + static_cast<double>(values);
    }
};

}  // namespace lockstep::compression
