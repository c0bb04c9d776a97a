#pragma once

#include <string>
#include <vector>

#include "events/timeline.hpp"
#include "result/result.hpp"
#include "study/show/look.hpp"

namespace lockstep::study {

/// A line for each rank with a bar of compute, wait, transfer and other, as long as the rank's time is
/// against the longest; of many ranks the first and the last.
std::string share_rows(const std::vector<result::Worker>& workers, const Look& look);

/// A line for each rank with its time from left to right, likewise, under a line with the ends of the axis.
std::string timeline_rows(const events::Timeline& timeline, const Look& look);

}  // namespace lockstep::study
