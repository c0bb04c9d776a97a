#pragma once

#include <memory>

#include "comm/transport.hpp"

namespace lockstep::real {

/// A transport whose rank sleeps in short naps while it waits for a message, instead of looking for it
/// without a pause: for ranks that share cores with others, which need them. Naps grow with the time waited,
/// to a fifth of a millisecond, and by so much may a message be noticed late. Only send_receive and what is
/// collective still do not sleep.
class PatientTransport : public comm::Transport {
  public:
    explicit PatientTransport(std::unique_ptr<comm::Transport> transport);

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
    void sum(std::span<float> vector) override;
    int maximum(int value) override;
    void broadcast(std::span<std::byte> buffer, std::size_t root) override;
    std::unique_ptr<Transport> duplicate() const override;

  private:
    std::unique_ptr<comm::Transport> transport_;
};

}  // namespace lockstep::real
