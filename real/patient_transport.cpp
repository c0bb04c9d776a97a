#include "real/patient_transport.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include <sched.h>

namespace lockstep::real {
namespace {

constexpr double spinning_s = 100e-6;  ///< a message that is on its way is here by then
constexpr double shortest_nap_s = 20e-6;
constexpr double longest_nap_s = 200e-6;

void nap(double waited_s) {
    const double length_s = std::clamp(waited_s / 8, shortest_nap_s, longest_nap_s);
    const timespec length{0, static_cast<long>(1e9 * length_s)};
    ::nanosleep(&length, nullptr);
}

/// Looks until there is something, and returns it.
template <typename Look>
auto wait_until_done(const comm::Transport& transport, Look look) {
    const double began_s = transport.now_s();
    while (true) {
        if (const auto done = look()) return *done;
        const double waited_s = transport.now_s() - began_s;
        if (waited_s < spinning_s)
            ::sched_yield();
        else
            nap(waited_s);
    }
}

}  // namespace

PatientTransport::PatientTransport(std::unique_ptr<comm::Transport> transport)
    : transport_(std::move(transport)) {}

void PatientTransport::send(std::span<const std::byte> bytes, std::size_t destination, int tag) {
    Handle sending = start_send(bytes, destination, tag);
    wait(sending);
}

comm::Transport::Received PatientTransport::receive(std::span<std::byte> buffer, std::size_t source,
                                                    int tag) {
    Handle receiving = start_receive(buffer, source, tag);
    return wait(receiving);
}

void PatientTransport::send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                                    std::span<std::byte> incoming, std::size_t source, int tag) {
    transport_->send_receive(outgoing, destination, incoming, source, tag);
}

comm::Transport::Handle PatientTransport::start_send(std::span<const std::byte> bytes,
                                                     std::size_t destination, int tag) {
    return transport_->start_send(bytes, destination, tag);
}

comm::Transport::Handle PatientTransport::start_receive(std::span<std::byte> buffer, std::size_t source,
                                                        int tag) {
    return transport_->start_receive(buffer, source, tag);
}

comm::Transport::Received PatientTransport::wait(Handle& handle) {
    return wait_until_done(*transport_, [&] { return transport_->test(handle); });
}

std::optional<comm::Transport::Received> PatientTransport::test(Handle& handle) {
    return transport_->test(handle);
}

comm::Transport::Completion PatientTransport::wait_any(std::span<Handle> handles) {
    return wait_until_done(*transport_, [&] { return transport_->test_any(handles); });
}

std::optional<comm::Transport::Completion> PatientTransport::test_any(std::span<Handle> handles) {
    return transport_->test_any(handles);
}

void PatientTransport::sum(std::span<float> vector) {
    transport_->sum(vector);
}

int PatientTransport::maximum(int value) {
    return transport_->maximum(value);
}

void PatientTransport::broadcast(std::span<std::byte> buffer, std::size_t root) {
    transport_->broadcast(buffer, root);
}

std::unique_ptr<comm::Transport> PatientTransport::duplicate() const {
    return std::make_unique<PatientTransport>(transport_->duplicate());
}

}  // namespace lockstep::real
