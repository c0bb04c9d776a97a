#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "comm/message_log.hpp"
#include "events/activity_totals.hpp"
#include "exchange/participant.hpp"
#include "result/result.hpp"

namespace lockstep::run {

/// What one rank knows when the clock has stopped, sent to rank 0, which makes the result of it.
struct RankReport {
    result::Worker worker;
    backend::Description place;
    std::vector<double> losses;                   ///< workers only: of each step; empty in timing-only runs
    std::vector<exchange::Update> updates;        ///< applied by this rank
    std::vector<scenario::Arrival> arrivals;      ///< at this rank, where they are recorded
    std::vector<events::ActivityRow> activities;  ///< where --events asks for them
    std::vector<double> progress_s;  ///< where v is held jointly: when each step of this holder was taken
    std::vector<result::Evaluation> history;  ///< of the snapshots that this rank has
    result::Measures measures;                ///< of the course of v, on the rank that has it
    std::optional<backend::Energy> energy;    ///< of the whole platform, until this rank was done
    std::string
        parameters_digest;  ///< of v in the last row of its course, on the rank that has it; else empty
};

/// What a rank leaves that was stopped before it could report: a report without its blocked time, and the log
/// that tells about it.
struct UnfinishedReport {
    RankReport report;
    comm::MessageLog log;
};

/// To bytes and back; all ranks are of one architecture.
std::vector<std::byte> pack(const RankReport& report);
RankReport unpack(std::span<const std::byte> bytes);

}  // namespace lockstep::run
