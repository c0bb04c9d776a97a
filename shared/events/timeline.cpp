#include "events/timeline.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "events/clock.hpp"
#include "events/wait_states.hpp"

namespace lockstep::events {
namespace {

Clock clock_of(const RankEvents& rank) {
    Clock clock;
    for (const Event& event : rank.events)
        if (event.kind == Kind::clock) clock.add(reading_of(event));
    return clock;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // from, to

/// What is known of a message.
struct Known {
    MessageTimes times;
    std::uint64_t bytes = 0;
};

/// The two ends of all messages, by their sequence numbers.
struct Channel {
    std::vector<double> sent_s;
    std::vector<std::optional<Reception>> received;
    std::vector<std::uint64_t> bytes;

    Known message(std::uint64_t sequence) const;
    /// The last one that was sent until then.
    Known last_sent(double until_s) const;
};

/// Messages between two ranks that were sent before anything was recorded, or whose records were cut off. A
/// number beyond them is of a damaged file: there is room for each number below.
constexpr std::uint64_t most_unrecorded = 64;

template <typename Value>
void put(std::vector<Value>& values, std::uint64_t place, const Value& value) {
    if (values.size() <= place) values.resize(place + 1);
    values[place] = value;
}

template <typename Value>
std::optional<Value> at(const std::vector<Value>& values, std::uint64_t place) {
    return place < values.size() ? std::optional(values[place]) : std::nullopt;
}

Known Channel::message(std::uint64_t sequence) const {
    return {{at(sent_s, sequence), at(received, sequence).value_or(std::nullopt)},
            at(bytes, sequence).value_or(0)};
}

Known Channel::last_sent(double until_s) const {
    const auto after = std::ranges::upper_bound(sent_s, until_s);
    return after == sent_s.begin() ? Known()
                                   : message(static_cast<std::uint64_t>(after - sent_s.begin()) - 1);
}

/// The times in which a rank was blocked, by its own clock.
std::vector<MessageLog::Blocked> blocked_times(const RankEvents& rank) {
    std::vector<MessageLog::Blocked> blocked;
    for (const Event& event : rank.events) {
        const bool receiving = event.kind == Kind::blocked_receiving;
        if (receiving || event.kind == Kind::blocked_sending)
            blocked.push_back({event.begin_s, event.end_s, event.peer, event.sequence, receiving});
    }
    std::ranges::stable_sort(blocked, {}, &MessageLog::Blocked::end_s);  // a file may be damaged
    return blocked;
}

/// What a rank saw of messages to it, by its own clock, by which all of that is ordered.
class Receiver {
  public:
    explicit Receiver(const RankEvents& rank) : blocked_(blocked_times(rank)) {}

    /// Of a message that could come from then on, or that arrived.
    Reception note(const Event& event) {
        auto& began_s = began_s_[event.peer];
        if (event.kind == Kind::receive_started) {
            put(began_s, event.sequence, std::optional(event.begin_s));
            return {.began_s = event.begin_s};
        }
        const auto known_s = at(began_s, event.sequence).value_or(std::nullopt);
        return reception(known_s.value_or(-Reception::never_s), event.begin_s, blocked_);
    }

  private:
    std::vector<MessageLog::Blocked> blocked_;
    std::map<std::uint32_t, std::vector<std::optional<double>>> began_s_;
};

/// Reads the ranks' files onto one clock, whose zero is the start on rank 0.
class Resolver {
  public:
    explicit Resolver(std::span<const RankEvents> ranks)
        : ranks_(ranks), start_s_(ranks.front().header.start_s) {
        for (const RankEvents& rank : ranks) clocks_.push_back(clock_of(rank));
        for (std::uint32_t rank = 0; rank < ranks.size(); ++rank) {
            std::map<std::uint32_t, std::size_t> records;  // of each peer
            for (const Event& event : ranks[rank].events) ++records[event.peer];
            Receiver receiver(ranks[rank]);
            for (const Event& event : ranks[rank].events)
                if (event.sequence < records[event.peer] + most_unrecorded) note(rank, event, receiver);
        }
    }

    Timeline timeline() const {
        Timeline result;
        result.simulated = ranks_.front().header.simulated;
        for (std::uint32_t rank = 0; rank < ranks_.size(); ++rank) {
            result.tracks.push_back(track(rank));
            ClockQuality& quality = result.clocks;
            quality.uncertainty_s = std::max(quality.uncertainty_s, clocks_[rank].uncertainty_s());
            quality.without_end += rank > 0 && clocks_[rank].readings() == 1 ? 1U : 0U;
        }
        result.messages = messages(result.clocks);
        return result;
    }

  private:
    double time_s(std::uint32_t rank, double local_s) const {
        return clocks_[rank].to_rank_0_s(local_s) - start_s_;
    }

    void note(std::uint32_t rank, const Event& event, Receiver& receiver) {
        if (event.kind == Kind::send_started) {
            Channel& channel = channels_[{rank, event.peer}];
            put(channel.sent_s, event.sequence, time_s(rank, event.begin_s));
            put(channel.bytes, event.sequence, event.bytes);
        } else if (event.kind == Kind::receive_started || event.kind == Kind::arrived) {
            Reception seen = receiver.note(event);
            for (double* at_s : {&seen.began_s, &seen.left_s, &seen.looked_s, &seen.came_s})
                *at_s = time_s(rank, *at_s);
            put(channels_[{event.peer, rank}].received, event.sequence, std::optional(seen));
        }
    }

    /// Null where neither side has told of a message.
    const Channel* channel(std::uint32_t from, std::uint32_t to) const {
        const auto found = channels_.find({from, to});
        return found == channels_.end() ? nullptr : &found->second;
    }

    void add_blocked(std::uint32_t rank, const Event& event, const Span& span,
                     std::vector<Span>& spans) const {
        const bool receiving = event.kind == Kind::blocked_receiving;
        const Channel* own = channel(rank, event.peer);
        const Channel* with = receiving ? channel(event.peer, rank) : own;
        const Known ended_by = with == nullptr ? Known() : with->message(event.sequence);
        const Known own_before = receiving && own != nullptr ? own->last_sent(span.begin_s) : Known();
        for (const BlockedPart& part :
             divide(span.begin_s, event.end_s - event.begin_s, receiving, ended_by.times, own_before.times)) {
            Span& shown = spans.emplace_back(span);
            shown.activity = part.activity;
            shown.begin_s = part.begin_s;
            shown.end_s = part.end_s;
            shown.bytes = receiving && part.activity == Activity::send ? own_before.bytes : ended_by.bytes;
        }
    }

    void add(std::uint32_t rank, const Event& event, std::vector<Span>& spans) const {
        Span span;
        span.begin_s = time_s(rank, event.begin_s);
        // The length by this rank's own clock, so that lengths add up to what result.json says.
        span.end_s = span.begin_s + (event.end_s - event.begin_s);
        span.phase = event.phase;
        span.peer = event.peer;
        span.staleness = event.staleness;
        span.round = event.round;
        span.version = event.version;
        switch (event.kind) {
            case Kind::compute:
                span.activity = Activity::compute;
                break;
            case Kind::in_library:
                span.activity = Activity::collective;
                break;
            case Kind::apply:
            case Kind::evaluate:
                span.activity = event.kind == Kind::apply ? Activity::apply : Activity::evaluate;
                span.end_s = span.begin_s;
                break;
            case Kind::blocked_sending:
            case Kind::blocked_receiving:
                return add_blocked(rank, event, span, spans);
            default:
                return;
        }
        spans.push_back(span);
    }

    Track track(std::uint32_t rank) const {
        const RankEvents& events = ranks_[rank];
        Track track;
        track.rank = rank;
        track.is_server = rank >= events.header.workers;
        track.complete = events.complete;
        for (const Event& event : events.events) {
            add(rank, event, track.spans);
            if (event.kind == Kind::clock) continue;
            track.end_s = std::max(track.end_s, time_s(rank, last_moment_s(event)));
        }
        std::ranges::stable_sort(track.spans, {}, &Span::begin_s);
        return track;
    }

    std::vector<Message> messages(ClockQuality& clocks) const {
        std::vector<Message> all;
        for (const auto& [pair, channel] : channels_)
            for (std::uint64_t i = 0; i < channel.sent_s.size(); ++i) {
                Message& message = all.emplace_back(Message{pair.first, pair.second, i, channel.bytes[i],
                                                            channel.sent_s[i], channel.sent_s[i], false});
                const std::optional<Reception> received = at(channel.received, i).value_or(std::nullopt);
                if (!received || received->came_s == Reception::never_s) continue;
                message.arrived = true;
                message.arrived_s = std::max(received->came_s, message.sent_s);
                const double too_early_s = message.sent_s - received->came_s;
                if (too_early_s <= 0 || ranks_.front().header.simulated) continue;
                ++clocks.too_early;
                clocks.largest_too_early_s = std::max(clocks.largest_too_early_s, too_early_s);
            }
        std::ranges::stable_sort(all, {}, &Message::sent_s);
        return all;
    }

    std::span<const RankEvents> ranks_;
    std::vector<Clock> clocks_;
    double start_s_;
    std::map<Pair, Channel> channels_;
};

}  // namespace

std::string text_of(const ClockQuality& clocks) {
    std::string text =
        fmt::format("Each rank's clock is known within {} of rank 0's, measured at the start and at the end.",
                    base::format_time(clocks.uncertainty_s));
    if (clocks.without_end > 0)
        text += fmt::format(" {} measured at the start alone: how {} drifted is not known.",
                            clocks.without_end == 1 ? "One was" : fmt::format("{} were", clocks.without_end),
                            clocks.without_end == 1 ? "it" : "they");
    if (clocks.too_early == 0) return text + " No message seems to arrive before it was sent.";
    return text + fmt::format(" {} to arrive before {} sent, by up to {}.",
                              clocks.too_early == 1 ? "One message seems"
                                                    : fmt::format("{} messages seem", clocks.too_early),
                              clocks.too_early == 1 ? "it was" : "they were",
                              base::format_time(clocks.largest_too_early_s));
}

Timeline make_timeline(std::span<const RankEvents> ranks) {
    return Resolver(ranks).timeline();
}

}  // namespace lockstep::events
