#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "events/activity_totals.hpp"
#include "events/event.hpp"
#include "events/file.hpp"

namespace lockstep::events {

/// Where all that happens on one rank is told. Off, it drops events at the cost of one comparison; on, it
/// sums them up, and writes them where it has a file.
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

    /// `event.round` is filled in here.
    void add(Event event) {
        if (!is_on_) return;
        event.round = round_;
        record(event);
    }

    /// Off from now.
    void stop() { is_on_ = false; }
    /// What belongs to the file although the recorder is off: the last `clock`.
    void append(const Event& event);
    /// Writes what is left.
    void flush();

    const ActivityTotals& totals() const { return totals_; }

  private:
    void record(const Event& event);

    bool is_on_ = false;
    std::uint64_t round_ = 0;
    ActivityTotals totals_;
    std::optional<FileWriter> file_;
};

}  // namespace lockstep::events
