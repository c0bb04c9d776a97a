#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "backend/backend.hpp"
#include "base/float_buffer.hpp"
#include "base/packing.hpp"

namespace lockstep::exchange {

/// What one rank has left when a leg ended, by name, for the leg after it.
class Memory {
  public:
    bool is_empty() const { return values_.empty(); }
    bool operator==(const Memory&) const = default;

    /// Allocates nothing where as many are there already.
    void put(std::string_view name, std::span<const std::byte> bytes);
    /// Fills `bytes` with what is there under that name. Errors: InputError where nothing is, or another
    /// number of bytes.
    void get(std::string_view name, std::span<std::byte> bytes) const;
    /// What is there under that name; nothing where nothing is.
    std::span<const std::byte> find(std::string_view name) const;

    friend void visit_fields(auto& archive, base::ConstOrNot<Memory> auto& memory) {
        archive("values", memory.values_);
    }

  private:
    std::map<std::string, std::vector<std::byte>, std::less<>> values_;
};

/// A part of a run, from its start or an interruption to the next one or the end. Between two legs nothing is
/// under way, and all that ranks go on from is in their memories: a run may be left there, and taken up
/// later.
///
/// Where no server holds v, all workers end a leg before the same step of theirs. Where one does, it ends the
/// leg: it marks its next answer to each worker as the last of the leg; what a group of softsync lacks then
/// does not come, and the group is smaller. An order of arrival is forced on runs of one leg only: they are
/// not interrupted.
class Leg {
  public:
    explicit Leg(Memory& memory) : memory_(memory), is_continued_(!memory.is_empty()) {}
    Leg(const Leg&) = delete;
    Leg& operator=(const Leg&) = delete;
    virtual ~Leg() = default;

    /// This rank's.
    Memory& memory() { return memory_; }
    /// Whether there was a leg before it.
    bool is_continued() const { return is_continued_; }

    /// Whether a worker of a method without server takes its step number `step` in this leg. Workers ask
    /// before each step, in order. Collective over them where `step` is sure_until(): they have then answered
    /// all that others wait for.
    virtual bool takes(std::uint64_t step) = 0;
    /// Workers are sure to take the steps before this one.
    virtual std::uint64_t sure_until() const = 0;
    /// Whether the first server lets workers go on no more: true from some moment on.
    virtual bool is_ending() = 0;

  private:
    Memory& memory_;
    bool is_continued_;
};

/// The bytes of what a memory may hold: of a vector its values, none where no arithmetic is done.
inline std::span<std::byte> bytes_to_keep(std::span<float> values) {
    return backend::arithmetic_is_real() ? std::as_writable_bytes(values) : std::span<std::byte>();
}
inline std::span<std::byte> bytes_to_keep(base::FloatBuffer& buffer) {
    return bytes_to_keep(buffer.span());
}
template <typename Value>
requires std::is_arithmetic_v<Value> std::span<std::byte> bytes_to_keep(Value& value) {
    return std::as_writable_bytes(std::span(&value, 1));
}

/// A value that a rank keeps from leg to leg: this object takes it up from where the leg before left it, if
/// one has, and leaves it in the end.
///
/// Example: `std::uint64_t step = 0; const Kept keeps_step(participant.leg, "step", step);`
template <typename Value>
class Kept {
  public:
    /// `leg` may be null: nothing is kept.
    Kept(Leg* leg, std::string_view name, Value& value) : leg_(leg), name_(name), value_(value) {
        if (leg_ == nullptr) return;
        if (leg_->is_continued())
            leg_->memory().get(name_, bytes_to_keep(value_));
        else
            leg_->memory().put(name_, bytes_to_keep(value_));  // makes room
    }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() {
        const bool is_ended = std::uncaught_exceptions() == exceptions_;  // or what it had is better
        if (leg_ != nullptr && is_ended) leg_->memory().put(name_, bytes_to_keep(value_));
    }

  private:
    Leg* leg_;
    std::string_view name_;
    Value& value_;
    int exceptions_ = std::uncaught_exceptions();
};

}  // namespace lockstep::exchange
