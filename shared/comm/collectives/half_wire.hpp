#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/float_buffer.hpp"
#include "compression/codec.hpp"

namespace lockstep::comm {

/// How the values of a collective travel.
enum class WireFormat { float32, float16, bfloat16 };

/// Sixteen bits a value between the ranks of a Group, while each rank computes in float32.
///
/// What is sent is rounded on the sender's side too, so that both ends hold the same value of it: an
/// algorithm that relies on that still ends with the same bits everywhere. Two values travel in a word; of an
/// odd number the last one has a word to itself.
///
/// Cost: 2 n operations for what is sent, n for what is received, charged through backend::compute. Both
/// buffers are made once; nothing is allocated per message.
class HalfWire {
  public:
    /// For messages of up to `values` values; `format` is not float32.
    HalfWire(WireFormat format, std::size_t values);

    /// Rounds the values in place and returns the words to send. The view ends with the next call.
    std::span<const float> pack(std::span<float> vector);
    /// Where the words of so many values are to be received.
    std::span<float> inbox(std::size_t values);
    /// What has arrived in the inbox.
    void unpack(std::span<float> vector);
    /// What pack() does to the values.
    void round(std::span<float> vector) { pack(vector); }

  private:
    std::unique_ptr<compression::Codec> codec_;
    base::FloatBuffer outgoing_;
    base::FloatBuffer incoming_;
};

}  // namespace lockstep::comm
