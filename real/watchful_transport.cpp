#include "real/watchful_transport.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <sched.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "real/rank_watch.hpp"

namespace lockstep::real {
namespace {

// A message that is on its way is here by then; who naps lets others have the core meanwhile.
constexpr double looking_s = 20e-6;
constexpr double yielding_s = 100e-6;
constexpr double shortest_nap_s = 20e-6;
constexpr double longest_nap_s = 200e-6;
constexpr double longest_look_s = 1;  ///< from one to the next; what takes longer has stopped all ranks

void nap(double waited_s) {
    const double length_s = std::clamp(waited_s / 8, shortest_nap_s, longest_nap_s);
    const timespec length{0, static_cast<long>(1e9 * length_s)};
    ::nanosleep(&length, nullptr);
}

}  // namespace

WatchfulTransport::WatchfulTransport(std::unique_ptr<comm::Transport> transport, Waiting waiting)
    : transport_(std::move(transport)), aside_(transport_->duplicate()), waiting_(std::move(waiting)) {}

/// Looks until there is something, and returns it.
template <typename Look>
auto WatchfulTransport::wait_until_done(std::span<const Handle> handles, Look look) const {
    if (waiting_.watch != nullptr) waiting_.watch->look(now_s());
    if (const auto done = look()) return *done;
    double looked_s = now_s();
    double waited_s = 0;
    while (true) {
        if (const auto done = look()) return *done;
        const double now = now_s();
        waited_s += std::min(now - looked_s, longest_look_s);
        looked_s = now;
        if (waiting_.watch != nullptr) waiting_.watch->look(now);
        if (waited_s > waiting_.most_s) give_up(handles);
        if (waiting_.naps && waited_s > yielding_s)
            nap(waited_s);
        else if (waiting_.naps || waited_s > looking_s)
            ::sched_yield();
    }
}

void WatchfulTransport::give_up(std::span<const Handle> handles) const {
    constexpr std::size_t most_named = 4;
    std::string peers;
    std::size_t named = 0;
    for (const Handle& handle : handles) {
        if (!handle.active()) continue;
        if (named++ == most_named) {
            peers += ", ...";
            break;
        }
        peers += fmt::format("{}{}{}", named > 1 ? ", " : "", handle.peer(),
                             handle.peer() < waiting_.hosts.size()
                                 ? fmt::format(" on {}", waiting_.hosts[handle.peer()])
                                 : std::string());
    }
    throw base::EnvironmentError(
        fmt::format("rank {} has waited {} for rank {} (--rank-timeout): that, or one that it waits for, "
                    "has stopped or cannot be reached",
                    rank(), base::format_time(waiting_.most_s), peers));
}

void WatchfulTransport::send(std::span<const std::byte> bytes, std::size_t destination, int tag) {
    Handle sending = start_send(bytes, destination, tag);
    if (sending.active()) wait(sending);
}

comm::Transport::Received WatchfulTransport::receive(std::span<std::byte> buffer, std::size_t source,
                                                     int tag) {
    Handle receiving = start_receive(buffer, source, tag);
    return wait(receiving);
}

void WatchfulTransport::send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                                     std::span<std::byte> incoming, std::size_t source, int tag) {
    std::array<Handle, 2> both{start_send(outgoing, destination, tag), start_receive(incoming, source, tag)};
    for (Handle& one : both)
        if (one.active()) wait(one);
}

comm::Transport::Handle WatchfulTransport::start_send(std::span<const std::byte> bytes,
                                                      std::size_t destination, int tag) {
    return transport_->start_send(bytes, destination, tag);
}

comm::Transport::Handle WatchfulTransport::start_receive(std::span<std::byte> buffer, std::size_t source,
                                                         int tag) {
    return transport_->start_receive(buffer, source, tag);
}

comm::Transport::Received WatchfulTransport::wait(Handle& handle) {
    return wait_until_done({&handle, 1}, [&] { return transport_->test(handle); });
}

std::optional<comm::Transport::Received> WatchfulTransport::test(Handle& handle) {
    return transport_->test(handle);
}

comm::Transport::Completion WatchfulTransport::wait_any(std::span<Handle> handles) {
    return wait_until_done(handles, [&] { return transport_->test_any(handles); });
}

std::optional<comm::Transport::Completion> WatchfulTransport::test_any(std::span<Handle> handles) {
    return transport_->test_any(handles);
}

void WatchfulTransport::sum(std::span<float> vector) {
    transport_->sum(vector);
}

/// By dissemination, as Communicator::barrier: after each round a rank knows of twice as many before it. That
/// some are counted twice does not matter.
int WatchfulTransport::maximum(int value) {
    for (std::size_t distance = 1; distance < size(); distance *= 2) {
        int theirs = 0;
        const auto ours = std::as_bytes(std::span(&value, 1));
        const auto room = std::as_writable_bytes(std::span(&theirs, 1));
        std::array<Handle, 2> both{aside_->start_send(ours, (rank() + distance) % size(), 0),
                                   aside_->start_receive(room, (rank() + size() - distance) % size(), 0)};
        for (Handle& one : both)
            if (one.active()) wait_until_done({&one, 1}, [&] { return aside_->test(one); });
        value = std::max(value, theirs);
    }
    return value;
}

void WatchfulTransport::broadcast(std::span<std::byte> buffer, std::size_t root) {
    transport_->broadcast(buffer, root);
}

std::unique_ptr<comm::Transport> WatchfulTransport::duplicate() const {
    return std::make_unique<WatchfulTransport>(transport_->duplicate(), waiting_);
}

}  // namespace lockstep::real
