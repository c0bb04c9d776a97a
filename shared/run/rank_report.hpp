#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "exchange/participant.hpp"
#include "result/result.hpp"

namespace lockstep::run {

/// What one rank knows when the clock has stopped, sent to rank 0, which makes the result of it.
struct RankReport {
    result::Worker worker;
    backend::Description place;
    std::vector<double> epoch_losses;         ///< workers only: mean training loss per epoch
    std::vector<exchange::Update> updates;    ///< applied by this rank
    std::vector<result::Evaluation> history;  ///< of the snapshots that this rank kept
    std::string parameters_digest;  ///< on the rank that holds the final shared parameters, else empty
};

/// To bytes and back; all ranks are of one architecture.
std::vector<std::byte> pack(const RankReport& report);
RankReport unpack(std::span<const std::byte> bytes);

}  // namespace lockstep::run
