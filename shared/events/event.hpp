#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lockstep::events {

/// What a rank's event file holds: enough to tell, together with the files of its partners, what happened.
enum class Kind : std::uint32_t {
    compute,            ///< begin to end: a piece of arithmetic
    send_started,       ///< at begin: the message `sequence` to `peer`, of `bytes`
    receive_started,    ///< at begin: the wait for the message `sequence` from `peer` was made known
    arrived,            ///< at begin: that message was complete at its receiver, of `bytes`
    blocked_sending,    ///< begin to end: blocked, ended by the message `sequence` to `peer`
    blocked_receiving,  ///< begin to end: blocked, ended by the message `sequence` from `peer`
    in_library,         ///< begin to end: in a collective of the MPI library, which hides its messages
    apply,              ///< at begin: the update of worker `peer` entered the shared parameters
    evaluate,           ///< at begin: the parameters were kept for evaluation
    clock,  ///< at begin, by this rank's clock: rank 0's was ahead by `end_s`, known to `sequence` ns
    end     ///< at begin: this rank was done; nothing follows but its last `clock`
};
inline constexpr std::size_t kind_count = 11;
std::string_view name(Kind kind);

/// What arithmetic is for: `compute` only.
enum class Phase : std::uint32_t { training, exchange };
std::string_view name(Phase phase);

/// What a rank did, as people speak of it: blocked time is divided into waiting for a partner and transfer.
enum class Activity : std::uint8_t { compute, send, receive, wait, collective, apply, evaluate };
std::string_view name(Activity activity);

inline constexpr std::uint32_t no_peer = 0xffffffff;

/// One record. Times in seconds by the rank's own clock. What a kind does not name is 0, and peer
/// no_peer.
///
/// The k-th message between an ordered pair of ranks has sequence number k on both sides, from 0.
struct Event {
    double begin_s = 0;
    double end_s = 0;
    Kind kind = Kind::compute;
    std::uint32_t peer = no_peer;
    std::uint64_t sequence = 0;
    std::uint64_t bytes = 0;
    std::uint64_t round = 0;      ///< of this rank's training: its step number, from 0
    std::uint64_t version = 0;    ///< `apply`: of the shared parameters just before
    std::uint32_t staleness = 0;  ///< `apply`: version less the version that the step started from
    Phase phase = Phase::training;

    bool operator==(const Event&) const = default;
};

/// When it was over, by the rank's own clock.
inline double last_moment_s(const Event& event) {
    return event.kind != Kind::clock && event.end_s > event.begin_s ? event.end_s : event.begin_s;
}

}  // namespace lockstep::events
