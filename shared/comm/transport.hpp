#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace lockstep::comm {

/// Carries bytes between the ranks of a group: all that this layer asks of a library of messages. MPI is one
/// (comm/mpi); comm, exchange and run know this class only. A transport is used by its own rank alone, on one
/// thread.
///
/// Messages. Each has a sender, a receiver, a tag from 0 to 32767 and bytes, of which there may be none. A
/// receive names its source, and one tag or any_tag; it takes the first message that fits. Of one sender's
/// messages those that fit the same receive do not overtake each other; nothing is promised between senders.
/// A message may be shorter than the buffer that takes it, and must not be longer. Nobody sends to itself but
/// with start_send and send_receive.
///
/// Blocking. A send is done when its buffer may be used again, which may be before its receive has begun, or
/// only then: a program must be right either way. A receive is done when the message is in its buffer.
///
/// Handles. What was started is done once one of wait, test, wait_any and test_any has said so; that call
/// makes the handle inactive. Until then the buffer must live, must not be written and, of a receive, not be
/// read. A handle may be copied, and any one of its copies be waited for, once; the others mean nothing from
/// then on. It may only be given to the transport that made it. All must be done before the transport ends.
///
/// Groups. Messages of a duplicate never meet those of its original. Collective calls (sum, maximum,
/// broadcast, duplicate) are made by all ranks in the same order.
///
/// Errors: every call throws base::EnvironmentError with the library's call that failed and its explanation.
/// Cost: of a call, beside that of the library's, a virtual function and no allocation; wait_any and test_any
/// are linear in the number of handles.
class Transport {
  public:
    /// A message under way, or none: inactive.
    class Handle {
      public:
        static constexpr std::size_t unknown_peer = std::numeric_limits<std::size_t>::max();
        Handle() = default;
        /// `value` is the library's own name of it, not 0; `peer` the other rank, as far as that is known.
        Handle(std::uint64_t value, bool receives, std::size_t peer = unknown_peer)
            : value_(value), peer_(peer), receives_(receives) {}
        bool active() const { return value_ != 0; }
        std::uint64_t value() const { return value_; }
        /// Else it sends.
        bool receives() const { return receives_; }
        std::size_t peer() const { return peer_; }

      private:
        std::uint64_t value_ = 0;
        std::size_t peer_ = unknown_peer;
        bool receives_ = false;
    };

    /// Of a receive that is done. Of a send all is 0.
    struct Received {
        std::size_t bytes = 0;
        int tag = 0;
    };

    /// The handle that is done, by its place among those asked about.
    struct Completion {
        std::size_t index = 0;
        Received message;
    };

    static constexpr int any_tag = -1;

    virtual ~Transport() = default;

    virtual std::size_t rank() const = 0;
    virtual std::size_t size() const = 0;

    /// Seconds on this rank's clock, which never goes back. Clocks of ranks may differ, and drift.
    virtual double now_s() const = 0;

    virtual void send(std::span<const std::byte> bytes, std::size_t destination, int tag) = 0;
    virtual Received receive(std::span<std::byte> buffer, std::size_t source, int tag) = 0;
    /// Both at once, blocked until both are done. Any two ranks, and also a rank and itself, may meet in it.
    virtual void send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                              std::span<std::byte> incoming, std::size_t source, int tag) = 0;

    virtual Handle start_send(std::span<const std::byte> bytes, std::size_t destination, int tag) = 0;
    virtual Handle start_receive(std::span<std::byte> buffer, std::size_t source, int tag) = 0;

    /// Blocks until it is done. Precondition: the handle is active.
    virtual Received wait(Handle& handle) = 0;
    /// Looks once; nothing where it is not done. Precondition: the handle is active.
    virtual std::optional<Received> test(Handle& handle) = 0;
    /// Blocks until one of the active handles is done: of several the first, if the library can tell.
    /// Precondition: at least one is active.
    virtual Completion wait_any(std::span<Handle> handles) = 0;
    /// Looks once; nothing where none of the active handles is done, or none is active.
    virtual std::optional<Completion> test_any(std::span<Handle> handles) = 0;

    /// How many looks in a row (test, test_any) tell what has come by now: a library that moves messages on
    /// only when it is called may need several calls for one message, and need not say of a call that it
    /// moved any.
    virtual std::size_t looks_in_a_row() const { return 1; }

    /// Whether what is under way moves on when a rank that computes looks at it (test_any) now and then.
    virtual bool moves_while_computing() const { return true; }

    /// Collective: the sum over all ranks, on all, in whatever order the library chooses.
    virtual void sum(std::span<float> vector) = 0;
    /// Collective: the maximum over all ranks, on all.
    virtual int maximum(int value) = 0;
    /// Collective: what is in `root`'s buffer, in those of all. They are equally long.
    virtual void broadcast(std::span<std::byte> buffer, std::size_t root) = 0;

    /// Collective: a transport of its own between the same ranks, which may outlive this one.
    virtual std::unique_ptr<Transport> duplicate() const = 0;
};

}  // namespace lockstep::comm
