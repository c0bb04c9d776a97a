#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/packing.hpp"
#include "calibration/progress.hpp"
#include "comm/message_probe.hpp"

namespace lockstep::calibration {

/// What was measured of messages of one size.
struct SizeSamples {
    std::size_t bytes = 0;
    std::vector<comm::MessageProbe::Sample> samples;
};

/// What was measured between two ranks.
struct PairSamples {
    std::size_t first = 0;
    std::size_t second = 0;
    bool same_host = false;
    comm::MessageProbe::Progress progress;
    std::vector<SizeSamples> sizes;  ///< ascending
};

/// What travels of these: see base/packing.hpp.
template <typename Archive, base::ConstOrNot<SizeSamples> Record>
void visit_fields(Archive&& archive, Record& size) {
    archive("bytes", size.bytes);
    archive("samples", size.samples);
}
template <typename Archive, base::ConstOrNot<PairSamples> Record>
void visit_fields(Archive&& archive, Record& pair) {
    archive("first", pair.first);
    archive("second", pair.second);
    archive("same_host", pair.same_host);
    archive("progress", pair.progress);
    archive("sizes", pair.sizes);
}

struct MessagePlan {
    std::uint64_t seed = 1;
    std::size_t largest_bytes = std::size_t{16} << 20U;
    std::size_t model_bytes = 0;   ///< a message of the run's: of that size progress is measured
    double budget_s = 10;          ///< for each pair
    Progress* progress = nullptr;  ///< rank 0's, or none
};

/// Times messages of 1 B to the largest size, two sizes an octave, in random order, of pairs of ranks
/// one after another: up to three pairs on one host and three across hosts, spread over the ranks. Sizes that
/// would take more than the pair's budget allows are left out.
///
/// Collective; returns the pairs on rank 0, nothing elsewhere. `hosts` are those of all ranks.
std::vector<PairSamples> measure_messages(comm::Communicator& communicator, const MessagePlan& plan,
                                          const std::vector<std::string>& hosts);

}  // namespace lockstep::calibration
