// Control messages: everything that happens before the start or after the end of the timed part.

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "comm/communicator.hpp"

namespace lockstep::comm {
namespace {

constexpr int control_tag = 2;
constexpr std::size_t most_at_once = std::size_t{1} << 30U;  // libraries count bytes by an int

template <class Value>
std::span<const std::byte> bytes_of(const Value& value) {
    return std::as_bytes(std::span(&value, 1));
}

template <class Value>
std::span<std::byte> bytes_into(Value& value) {
    return std::as_writable_bytes(std::span(&value, 1));
}

/// What travels ahead of the bytes themselves.
std::uint32_t length_of(std::size_t bytes) {
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        throw base::EnvironmentError(fmt::format("{} bytes are too many for a control message", bytes));
    return static_cast<std::uint32_t>(bytes);
}

}  // namespace

void Communicator::barrier() {
    for (std::size_t distance = 1; distance < size(); distance *= 2) {
        const std::size_t to = (rank() + distance) % size();
        const std::size_t from = (rank() + size() - distance) % size();
        transport_->send_receive({}, to, {}, from, control_tag);
    }
}

int Communicator::agree_on_maximum(int value) {
    return transport_->maximum(value);
}

void Communicator::broadcast_text(std::string& text, std::size_t root) {
    std::uint32_t length = length_of(text.size());
    transport_->broadcast(bytes_into(length), root);
    text.resize(length);
    transport_->broadcast(std::as_writable_bytes(std::span(text)), root);
}

void Communicator::send_bytes(std::span<const std::byte> bytes, std::size_t destination) {
    require_peer(destination);
    transport_->send(bytes_of(std::uint64_t{bytes.size()}), destination, control_tag);
    do {
        const auto piece = bytes.first(std::min(bytes.size(), most_at_once));
        transport_->send(piece, destination, control_tag);
        bytes = bytes.subspan(piece.size());
    } while (!bytes.empty());
}

std::vector<std::byte> Communicator::receive_bytes(std::size_t source) {
    require_peer(source);
    std::uint64_t length = 0;
    transport_->receive(bytes_into(length), source, control_tag);
    std::vector<std::byte> bytes(length);
    std::span<std::byte> rest = bytes;
    do {
        const auto piece = rest.first(std::min(rest.size(), most_at_once));
        transport_->receive(piece, source, control_tag);
        rest = rest.subspan(piece.size());
    } while (!rest.empty());
    return bytes;
}

void Communicator::swap_with_peers(std::span<const std::size_t> peers,
                                   std::span<const std::vector<double>> outgoing,
                                   std::span<std::vector<double>> incoming) {
    assert(peers.size() == outgoing.size() && peers.size() == incoming.size());
    std::vector<Transport::Handle> handles;
    for (std::size_t i = 0; i < peers.size(); ++i)
        handles.push_back(
            transport_->start_receive(std::as_writable_bytes(std::span(incoming[i])), peers[i], control_tag));
    for (std::size_t i = 0; i < peers.size(); ++i)
        handles.push_back(
            transport_->start_send(std::as_bytes(std::span(outgoing[i])), peers[i], control_tag));
    for (Transport::Handle& handle : handles) transport_->wait(handle);
}

double Communicator::ask_time(std::size_t peer) {
    double theirs_s = 0;
    transport_->send({}, peer, control_tag);
    transport_->receive(bytes_into(theirs_s), peer, control_tag);
    return theirs_s;
}

void Communicator::answer_time(std::size_t peer) {
    transport_->receive({}, peer, control_tag);
    transport_->send(bytes_of(now_s()), peer, control_tag);
}

}  // namespace lockstep::comm
