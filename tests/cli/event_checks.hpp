// What of the events of a run must agree with its result, as checks of Catch2.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "events/timeline.hpp"
#include "result/result.hpp"

namespace lockstep::test {

/// Of one rank.
struct Sums {
    double compute_s = 0;
    double wait_s = 0;
    double transfer_s = 0;
};
Sums sums_of(const events::Track& track);

/// activities.csv: total_s by rank and activity, over all partners.
std::map<std::pair<std::size_t, std::string>, double> totals_in(const std::filesystem::path& file);

/// Sums of spans, and the time that none covers, for every rank: exact but for `tolerance`, in seconds in the
/// simulated world, as a share of the rank's elapsed time in the real one.
void check_times(const std::vector<events::RankEvents>& ranks, const result::Result& result,
                 double tolerance);
/// By each rank's own clock: from the start of the timed part to its end.
void check_elapsed(const std::vector<events::RankEvents>& ranks, const result::Result& result);
/// Real: by rank 0's clock, which all processes of a machine share but for their offsets, nothing arrives
/// before it was sent.
void check_clocks(const std::vector<events::RankEvents>& ranks);
/// Sent, counted by the result, predicted by it, and received: all the same.
void check_bytes(const std::vector<events::RankEvents>& ranks, const result::Result& result);
void check_updates(const std::vector<events::RankEvents>& ranks, const result::Result& result);
/// Every worker is seen to compute in each of its steps, and a server in none.
void check_rounds(const events::Timeline& timeline, const result::Result& result);
/// But for `margin_s`.
void check_no_overlap(const events::Timeline& timeline, double margin_s);
/// activities.csv holds the sums of the spans.
void check_activities(const events::Timeline& timeline, const std::filesystem::path& file);

}  // namespace lockstep::test
