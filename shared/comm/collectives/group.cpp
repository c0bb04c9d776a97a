#include "comm/collectives/group.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::comm {

Group::Group(Communicator& communicator, std::size_t first, std::size_t stride, std::size_t size)
    : communicator_(&communicator), first_(first), stride_(stride), size_(size) {
    const auto refuse = [&](std::string_view allowed) {
        throw base::InputError("Group", fmt::format("first {}, stride {}, size {}", first, stride, size),
                               allowed);
    };
    if (size == 0 || stride == 0 || first + (size - 1) * stride >= communicator.size())
        refuse(fmt::format("at least one of the {} ranks there are", communicator.size()));
    const std::size_t own = communicator.rank();
    if (own < first || (own - first) % stride != 0 || rank() >= size)
        refuse(fmt::format("a group with the caller, rank {}, in it", own));
}

void Group::send(std::span<float> vector, std::size_t destination) const {
    communicator_->send(wire_ != nullptr ? wire_->pack(vector) : vector, of_all(destination));
}

void Group::receive(std::span<float> vector, std::size_t source) const {
    if (wire_ == nullptr) return communicator_->receive(vector, of_all(source));
    communicator_->receive(wire_->inbox(vector.size()), of_all(source));
    wire_->unpack(vector);
}

void Group::send_receive(std::span<float> outgoing, std::size_t destination, std::span<float> incoming,
                         std::size_t source) const {
    if (wire_ == nullptr)
        return communicator_->send_receive(outgoing, of_all(destination), incoming, of_all(source));
    communicator_->send_receive(wire_->pack(outgoing), of_all(destination), wire_->inbox(incoming.size()),
                                of_all(source));
    wire_->unpack(incoming);
}

}  // namespace lockstep::comm
