#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// What is said of one host: NAME or NAME:SLOTS.
struct HostEntry {
    std::string subject;  ///< opens messages: `--hosts`, `hosts.txt:3`
    std::string text;
};

/// What --hosts or --hostfile says, in its order; nothing where neither is given. Blank lines of a file, and
/// those that open with #, do not count.
///
/// Errors: base::InputError where both are given, the file cannot be read or names nobody, or a name of
/// --hosts is empty.
std::vector<HostEntry> read_hosts(const Config& config);

/// A place in `available` for each rank: a host is taken as often as it has slots, one where none are said,
/// and as often as it is named. `{"a:2", "c"}` of a, b, c for 3 ranks is {0, 0, 2}. More slots than ranks are
/// left empty. A name that is in `available` as it stands, colon and all, is that host.
///
/// Errors: base::InputError where a host is unknown, slots are no number from 1 to 65536, or there are fewer
/// slots than ranks.
std::vector<std::size_t> places_of_ranks(const std::vector<HostEntry>& entries,
                                         const std::vector<std::string>& available, std::size_t ranks);

}  // namespace lockstep::scenario
