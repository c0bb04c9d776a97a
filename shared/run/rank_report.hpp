#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "base/packing.hpp"
#include "events/activity_totals.hpp"
#include "events/message_log.hpp"
#include "exchange/participant.hpp"
#include "result/fields.hpp"

namespace lockstep::run {

/// What one rank knows when the clock has stopped, sent to rank 0, which makes the result of it.
struct RankReport {
    result::Worker worker;
    backend::Description place;
    std::vector<double> losses;                   ///< workers only: of each step; empty in timing-only runs
    std::vector<exchange::Update> updates;        ///< applied by this rank
    std::vector<exchange::Arrival> arrivals;      ///< at this rank, where they are recorded
    std::vector<events::ActivityRow> activities;  ///< where --events asks for them
    std::vector<double> progress_s;  ///< where v is held jointly: when each step of this holder was taken
    std::vector<result::Evaluation> history;  ///< of the snapshots that this rank has
    result::Measures measures;                ///< of the course of v, on the rank that has it
    std::optional<backend::Energy> energy;    ///< of the whole platform, until this rank was done
    std::uint64_t first_step = 0;             ///< of the run: those before were taken by other workers,
    double elapsed_before_s = 0;              ///< in so much time,
    std::string trained_before;               ///< these: `4 workers until epoch 2.50`; else empty
    std::string
        parameters_digest;  ///< of v in the last row of its course, on the rank that has it; else empty
};

/// What travels of it: see base/packing.hpp.
template <typename Archive, base::ConstOrNot<RankReport> Record>
void visit_fields(Archive&& archive, Record& report) {
    archive("worker", report.worker);
    archive("place.name", report.place.name);
    archive("place.platform", report.place.platform);
    archive("place.host", report.place.host);
    archive("place.machine", report.place.machine);
    archive("place.host_cores", report.place.host_cores);
    archive("place.host_memory_bytes", report.place.host_memory_bytes);
    archive("losses", report.losses);
    archive("updates", report.updates);
    archive("arrivals", report.arrivals);
    archive("activities", report.activities);
    archive("progress_s", report.progress_s);
    archive("history", report.history);
    archive("measures", report.measures);
    archive("energy", report.energy);
    archive("first_step", report.first_step);
    archive("elapsed_before_s", report.elapsed_before_s);
    archive("trained_before", report.trained_before);
    archive("parameters_digest", report.parameters_digest);
}

/// What one rank leaves of a run in which others were lost: how its blocked time divides is not known without
/// them (NaN).
struct SurvivorReport {
    RankReport report;
    std::uint64_t steps_of_v = 0;  ///< of each worker, of the run, that v is known to hold
};

/// What a rank leaves that was stopped before it could report: a report without its blocked time, and the log
/// that tells about it.
struct UnfinishedReport {
    RankReport report;
    events::MessageLog log;
};

}  // namespace lockstep::run
