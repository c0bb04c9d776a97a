#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lockstep::study {

/// `rank 3` or `server 4`, in charts and tables.
std::string rank_name(std::size_t rank, bool is_server);

/// The largest number of ranks that a chart shows; tables have all.
inline constexpr std::size_t most_shown_ranks = 128;

/// Which of so many ranks a chart shows: all, or the last `servers` and evenly spaced others.
std::vector<std::size_t> shown_ranks(std::size_t ranks, std::size_t servers);

}  // namespace lockstep::study
