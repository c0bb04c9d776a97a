#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace lockstep::base {

/// The one owner of float32 vectors that enter arithmetic: 64-byte aligned, fixed size, move-only,
/// zero-initialised.
///
/// Alignment is part of the result: vectorised arithmetic rounds differently on differently aligned buffers,
/// so two runs agree to the last bit only if every parameter vector, gradient and batch starts on the same
/// boundary.
class FloatBuffer {
  public:
    static constexpr std::size_t alignment = 64;

    FloatBuffer() = default;
    explicit FloatBuffer(std::size_t size);

    /// Adopts storage that somebody else made (see backend::make_buffer); `release` is called once.
    FloatBuffer(float* storage, std::size_t size, std::function<void(float*)> release);

    /// `then` is called when the storage has been released.
    void when_released(std::function<void()> then);

    FloatBuffer(FloatBuffer&& other) noexcept
        : storage_(std::move(other.storage_)), size_(std::exchange(other.size_, 0)) {}
    FloatBuffer& operator=(FloatBuffer&& other) noexcept {
        storage_ = std::move(other.storage_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }

    std::size_t size() const { return size_; }
    float* data() { return storage_.get(); }
    const float* data() const { return storage_.get(); }
    float& operator[](std::size_t index) { return storage_[index]; }
    float operator[](std::size_t index) const { return storage_[index]; }
    std::span<float> span() { return {data(), size_}; }
    std::span<const float> span() const { return {data(), size_}; }
    operator std::span<float>() { return span(); }
    operator std::span<const float>() const { return span(); }

  private:
    std::unique_ptr<float[], std::function<void(float*)>> storage_;
    std::size_t size_ = 0;
};

}  // namespace lockstep::base
