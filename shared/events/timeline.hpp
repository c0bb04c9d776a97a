#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/file.hpp"

namespace lockstep::events {

/// Begin and end in seconds since the start of the timed part on rank 0, by rank 0's clock.
struct Span {
    double begin_s = 0;
    double end_s = 0;  ///< = begin_s for apply and evaluate
    Activity activity = Activity::compute;
    Phase phase = Phase::training;  ///< of compute
    std::uint32_t peer = no_peer;   ///< of messages and waits: the partner; of apply: the worker
    std::uint32_t staleness = 0;    ///< of apply
    std::uint64_t bytes = 0;        ///< of messages
    std::uint64_t round = 0;
    std::uint64_t version = 0;  ///< of apply

    double duration_s() const { return end_s - begin_s; }
};

/// A training message. Its arrival is unknown where the run ended before.
struct Message {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint64_t sequence = 0;
    std::uint64_t bytes = 0;
    double sent_s = 0;  ///< when its sender started to send
    double arrived_s = 0;
    bool arrived = false;
};

struct Track {
    std::size_t rank = 0;
    bool is_server = false;
    bool complete = false;
    double end_s = 0;         ///< when the rank was done, or its last event
    std::vector<Span> spans;  ///< in the order of their begins; they do not overlap
};

/// How well the clocks of real ranks are known; of a simulated run all is 0.
struct ClockQuality {
    double uncertainty_s = 0;     ///< against rank 0's where they were measured: at the start and at the end
    std::size_t without_end = 0;  ///< ranks other than 0 measured only once, so that their drift is unknown
    std::size_t too_early = 0;    ///< messages that seem to arrive before they were sent
    double largest_too_early_s = 0;
};

struct Timeline {
    bool simulated = false;
    std::vector<Track> tracks;      ///< by rank
    std::vector<Message> messages;  ///< in the order in which they were sent
    ClockQuality clocks;
};

/// For people: sentences about the clocks of a real run.
std::string text_of(const ClockQuality& clocks);

/// From the files of all ranks, on rank 0's clock (clock.hpp). A message that then seems to arrive too early
/// arrives when it was sent. Blocked time is divided as in result.json (wait_states.hpp).
///
/// Cost: n log n for n events.
Timeline make_timeline(std::span<const RankEvents> ranks);

}  // namespace lockstep::events
