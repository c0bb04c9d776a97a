#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/packing.hpp"
#include "calibration/progress.hpp"
#include "comm/message_probe.hpp"

namespace lockstep::calibration {

/// What was measured of messages of one size.
struct SizeSamples {
    std::size_t bytes = 0;
    double single_trip_s = 0;  ///< one way, of the round trip by which its cost was foreseen; 0: none
    std::vector<comm::MessageProbe::Sample> samples;  ///< none where there was no time for them
};

/// What was measured between two ranks.
struct PairSamples {
    std::size_t first = 0;
    std::size_t second = 0;
    bool same_host = false;
    comm::MessageProbe::Progress progress;
    std::size_t progress_bytes = 0;  ///< of the messages of which that is known
    std::vector<SizeSamples> sizes;  ///< ascending; three at least
};

/// What travels of these: see base/packing.hpp.
template <typename Archive, base::ConstOrNot<SizeSamples> Record>
void visit_fields(Archive&& archive, Record& size) {
    archive("bytes", size.bytes);
    archive("single_trip_s", size.single_trip_s);
    archive("samples", size.samples);
}
template <typename Archive, base::ConstOrNot<PairSamples> Record>
void visit_fields(Archive&& archive, Record& pair) {
    archive("first", pair.first);
    archive("second", pair.second);
    archive("same_host", pair.same_host);
    archive("progress", pair.progress);
    archive("progress_bytes", pair.progress_bytes);
    archive("sizes", pair.sizes);
}

/// What was measured of a rank that sends to two other hosts at once.
struct FanOutSamples {
    std::size_t bytes = 0;       ///< of each message
    std::vector<double> shares;  ///< of the first that had left before the second began, as measured; or none
};

/// Complete on rank 0.
struct MessageSamples {
    std::vector<PairSamples> pairs;
    FanOutSamples fan_out;
};

struct MessagePlan {
    std::uint64_t seed = 1;
    std::size_t largest_bytes = std::size_t{16} << 20U;
    std::vector<std::size_t> run_bytes;  ///< sizes that the run sends, the most telling first
    bool serves_all_sizes = false;       ///< larger ones than the run's tell as much
    double budget_s = 10;                ///< for all messages together
    Progress* progress = nullptr;        ///< rank 0's, or none
};

}  // namespace lockstep::calibration
