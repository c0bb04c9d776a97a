#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "events/activity_totals.hpp"
#include "events/event.hpp"
#include "events/file.hpp"
#include "events/message_log.hpp"

namespace lockstep::events {

/// Where all that happens on one rank is told, once. Of messages it always keeps a MessageLog. The rest it
/// drops, off, at the cost of one comparison; on, it sums events up, and writes them where it has a file.
///
/// Errors: EnvironmentError naming the file where the disk refuses.
class Recorder {
  public:
    /// Makes the file, empty. Call before the clock starts: making a file takes time. Its folder must exist.
    void open(const std::filesystem::path& file);

    /// On from now. The file's beginning, `header` and what real ranks know of their clocks, is on disk at
    /// once.
    void start(const Header& header, const std::optional<Event>& clock = std::nullopt);
    bool is_on() const { return is_on_; }

    /// Of this rank's training: noted with every event until the next.
    void begin_round(std::uint64_t round) { round_ = round; }

    /// Of anything but messages. `event.round` is filled in here.
    void add(Event event) {
        if (!is_on_) return;
        event.round = round_;
        record(event);
    }

    /// A message's side starts; each returns the message's sequence number.
    std::size_t send_started(std::size_t peer, double now_s, std::size_t bytes);
    std::size_t receive_started(std::size_t peer, double now_s);
    void blocked(const MessageLog::Blocked& interval);
    /// The message `sequence` from `peer` was seen to be complete.
    void arrived(std::size_t peer, std::size_t sequence, double now_s, std::size_t bytes);
    /// Time blocked in a collective of the MPI library, which tells nothing of its messages.
    void blocked_in_library(double begin_s, double end_s);
    /// Time in which messages were under way while this rank computed.
    void hidden(double duration_s) { messages_.hidden(duration_s); }

    /// Forgets the messages so far.
    void clear() { messages_ = {}; }
    /// Goes on from what an earlier recorder knew.
    void go_on_from(MessageLog messages, std::span<const ActivityRow> totals) {
        messages_ = std::move(messages);
        totals_.add(totals);
    }

    /// Off from now.
    void stop() { is_on_ = false; }
    /// What belongs to the file although the recorder is off: the last `clock`.
    void append(const Event& event);
    /// Writes what is left.
    void flush();

    const MessageLog& messages() const { return messages_; }
    const ActivityTotals& totals() const { return totals_; }

  private:
    void record(const Event& event);

    bool is_on_ = false;
    std::uint64_t round_ = 0;
    MessageLog messages_;
    ActivityTotals totals_;
    std::unique_ptr<FileWriter> file_;
};

}  // namespace lockstep::events
