#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "events/event.hpp"

namespace lockstep::events {

/// All that a rank did of one kind, alone or with one partner.
struct ActivityTotal {
    std::uint64_t number = 0;  ///< of messages, for send and receive; else of times
    double total_s = 0;        ///< of messages: blocked while they were on their way
    std::uint64_t bytes = 0;   ///< of messages
};

/// A row of activities.csv: docs/formats/events.md.
struct ActivityRow {
    std::uint32_t rank = 0;
    Activity activity = Activity::compute;
    std::uint32_t peer = no_peer;
    ActivityTotal total;
};

/// The sums of one rank. Cost: log n for n partners, and one entry for each activity with each of them.
class ActivityTotals {
  public:
    void add(Activity activity, std::uint32_t peer, const ActivityTotal& more);
    /// What an event says of itself. How blocked time divides is known when the run has ended, and then added
    /// by the above.
    void add(const Event& event);
    void add(std::span<const ActivityRow> rows);

    /// By activity, in the order of the enumeration, then by peer.
    std::vector<ActivityRow> rows(std::size_t rank) const;

  private:
    std::map<std::pair<Activity, std::uint32_t>, ActivityTotal> totals_;
};

}  // namespace lockstep::events
