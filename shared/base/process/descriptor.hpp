#pragma once

#include <string_view>
#include <utility>

#include <unistd.h>

namespace lockstep::base {

/// The one owner of an open file descriptor.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// Throws EnvironmentError naming the system call that failed, with errno's message.
[[noreturn]] void fail_call(std::string_view call);

}  // namespace lockstep::base
