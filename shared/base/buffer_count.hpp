#pragma once

#include <cstddef>

#include "base/float_buffer.hpp"

namespace lockstep::base {

/// How much memory buffers take that exist at the same time. Must outlive those that it counts.
class BufferCount {
  public:
    BufferCount() = default;
    BufferCount(const BufferCount&) = delete;
    BufferCount& operator=(const BufferCount&) = delete;

    /// The same buffer, counted until its storage is released.
    FloatBuffer count(FloatBuffer buffer);

    /// The most at one time so far.
    std::size_t peak_bytes() const { return peak_bytes_; }

  private:
    std::size_t bytes_ = 0;
    std::size_t peak_bytes_ = 0;
};

}  // namespace lockstep::base
