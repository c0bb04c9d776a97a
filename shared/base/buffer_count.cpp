#include "base/buffer_count.hpp"

#include <algorithm>

namespace lockstep::base {

FloatBuffer BufferCount::count(FloatBuffer buffer) {
    const std::size_t bytes = buffer.span().size_bytes();
    bytes_ += bytes;
    peak_bytes_ = std::max(peak_bytes_, bytes_);
    buffer.when_released([this, bytes] { bytes_ -= bytes; });
    return buffer;
}

}  // namespace lockstep::base
