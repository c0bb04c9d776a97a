#pragma once

#include <cstddef>
#include <span>

#include "comm/collectives/half_wire.hpp"
#include "comm/communicator.hpp"

namespace lockstep::comm {

/// The ranks that a collective runs over, numbered from 0: `size` of the communicator's, `stride` apart, from
/// `first` on. Whoever calls the collective is one of them.
///
/// Example: of 8 ranks, {first 1, stride 4, size 2} is ranks 1 and 5, here 0 and 1.
class Group {
  public:
    /// All ranks. Implicit: a communicator is the group of all its ranks.
    Group(Communicator& communicator) : Group(communicator, 0, 1, communicator.size()) {}
    /// Throws base::InputError where these are no ranks of the communicator, or the caller is none of them.
    Group(Communicator& communicator, std::size_t first, std::size_t stride, std::size_t size);

    std::size_t rank() const { return (communicator_->rank() - first_) / stride_; }
    std::size_t size() const { return size_; }
    Communicator& communicator() const { return *communicator_; }

    /// The same ranks, whose values travel by `wire`, which must outlive the group.
    Group over(HalfWire& wire) const {
        Group group = *this;
        group.wire_ = &wire;
        return group;
    }
    bool travels_as_float32() const { return wire_ == nullptr; }

    /// What is sent over a HalfWire is rounded in place; otherwise it is left as it is.
    void send(std::span<float> vector, std::size_t destination) const;
    void receive(std::span<float> vector, std::size_t source) const;
    void send_receive(std::span<float> outgoing, std::size_t destination, std::span<float> incoming,
                      std::size_t source) const;

    Request start_send(std::span<const float> vector, std::size_t destination) const {
        return communicator_->start_send(vector, of_all(destination));
    }
    Request start_receive(std::span<float> vector, std::size_t source) const {
        return communicator_->start_receive(vector, of_all(source));
    }

  private:
    std::size_t of_all(std::size_t rank) const { return first_ + rank * stride_; }

    Communicator* communicator_;
    std::size_t first_;
    std::size_t stride_;
    std::size_t size_;
    HalfWire* wire_ = nullptr;
};

}  // namespace lockstep::comm
