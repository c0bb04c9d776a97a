#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace lockstep::data {

/// Bytes that nobody changes and all copies share: those of a vector, or part of a file in memory. Copying
/// costs a reference count, reading what it costs from a vector.
class SharedBytes {
  public:
    SharedBytes() = default;

    /// Takes a vector over; not explicit, so that one can stand wherever bytes are asked for.
    SharedBytes(std::vector<std::uint8_t> bytes) {  // NOLINT(google-explicit-constructor): see above
        auto owned = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
        bytes_ = *owned;
        owner_ = std::move(owned);
    }

    /// Bytes that stay valid as long as `owner` lives.
    SharedBytes(std::shared_ptr<const void> owner, std::span<const std::uint8_t> bytes)
        : owner_(std::move(owner)), bytes_(bytes) {}

    const std::uint8_t* data() const { return bytes_.data(); }
    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }
    auto begin() const { return bytes_.begin(); }
    auto end() const { return bytes_.end(); }
    std::uint8_t operator[](std::size_t i) const { return bytes_[i]; }
    std::uint8_t front() const { return bytes_.front(); }
    std::uint8_t back() const { return bytes_.back(); }
    std::span<const std::uint8_t> span() const { return bytes_; }

    friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
        return std::ranges::equal(a.bytes_, b.bytes_);
    }

  private:
    std::shared_ptr<const void> owner_;
    std::span<const std::uint8_t> bytes_;
};

}  // namespace lockstep::data
