#include "comm/collectives/group.hpp"

namespace lockstep::comm {

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
