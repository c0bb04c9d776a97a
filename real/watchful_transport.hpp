#pragma once

#include <memory>
#include <string>
#include <vector>

#include "comm/transport.hpp"

namespace lockstep::real {

class RankWatch;

/// How a rank waits for messages.
struct Waiting {
    bool naps = false;               ///< it shares its core with ranks that need it
    double most_s = 0;               ///< for one message, before it gives up
    std::vector<std::string> hosts;  ///< of all ranks, for what it says then
    RankWatch* watch = nullptr;      ///< looked at meanwhile; null: nobody watches
};

/// A transport whose rank does not wait for ever: where a message does not come in time, because a rank has
/// stopped or cannot be reached, the call throws base::EnvironmentError that names whom it has waited for.
/// Meanwhile it looks for messages without a pause, or sleeps in short naps, which grow with the time waited,
/// to a fifth of a millisecond; by so much may a message be noticed late.
///
/// Where ranks are watched, a wait throws what RankWatch::look() does, also one that would not last.
///
/// The maximum, by which ranks agree, is found by messages, which are waited for alike; sum and broadcast
/// wait in the library, for ever.
class WatchfulTransport : public comm::Transport {
  public:
    /// Collective, as duplicate() is.
    WatchfulTransport(std::unique_ptr<comm::Transport> transport, Waiting waiting);

    std::size_t rank() const override { return transport_->rank(); }
    std::size_t size() const override { return transport_->size(); }
    double now_s() const override { return transport_->now_s(); }

    void send(std::span<const std::byte> bytes, std::size_t destination, int tag) override;
    Received receive(std::span<std::byte> buffer, std::size_t source, int tag) override;
    void send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                      std::span<std::byte> incoming, std::size_t source, int tag) override;
    Handle start_send(std::span<const std::byte> bytes, std::size_t destination, int tag) override;
    Handle start_receive(std::span<std::byte> buffer, std::size_t source, int tag) override;
    Received wait(Handle& handle) override;
    std::optional<Received> test(Handle& handle) override;
    Completion wait_any(std::span<Handle> handles) override;
    std::optional<Completion> test_any(std::span<Handle> handles) override;
    std::size_t looks_in_a_row() const override { return transport_->looks_in_a_row(); }
    void sum(std::span<float> vector) override;
    int maximum(int value) override;
    void broadcast(std::span<std::byte> buffer, std::size_t root) override;
    std::unique_ptr<Transport> duplicate() const override;

  private:
    template <typename Look>
    auto wait_until_done(std::span<const Handle> handles, Look look) const;
    [[noreturn]] void give_up(std::span<const Handle> handles) const;

    std::unique_ptr<comm::Transport> transport_;
    std::unique_ptr<comm::Transport> aside_;  ///< for the maximum
    Waiting waiting_;
};

}  // namespace lockstep::real
