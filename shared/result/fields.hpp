#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/packing.hpp"
#include "result/result.hpp"

namespace lockstep::result {

/// The names and order of the fields of each record, once, for JSON (both ways), CSV, and messages
/// between ranks (base/packing.hpp). `archive(name, member)` is called for every member; the records are
/// const where they are written and not where they are read.

template <typename Archive, base::ConstOrNot<Provenance> Record>
void visit_fields(Archive&& archive, Record& provenance) {
    archive("world", provenance.world);
    archive("backend", provenance.backend);
    archive("lockstep_version", provenance.lockstep_version);
    archive("git_revision", provenance.git_revision);
    archive("compiler", provenance.compiler);
    archive("instruction_set", provenance.instruction_set);
    archive("products", provenance.products);
    archive("launcher", provenance.launcher);
    archive("data_description", provenance.data_description);
    archive("host", provenance.host);
    archive("platform", provenance.platform);
    archive("started_utc", provenance.started_utc);
    archive("wall_s", provenance.wall_s);
    archive("oversubscribed", provenance.oversubscribed);
    archive("calibrated", provenance.calibrated);
    archive("calibration_host", provenance.calibration_host);
    archive("calibration_age_days", provenance.calibration_age_days);
    archive("calibration_changes", provenance.calibration_changes);
    archive("calibration_warnings", provenance.calibration_warnings);
    archive("trained_before", provenance.trained_before);
    archive("abort_cause", provenance.abort_cause);
}

template <typename Archive, base::ConstOrNot<Summary> Record>
void visit_fields(Archive&& archive, Record& summary) {
    archive("outcome", summary.outcome);
    archive("test_loss", summary.test_loss);
    archive("test_accuracy", summary.test_accuracy);
    archive("elapsed_s", summary.elapsed_s);
    archive("compute_s", summary.compute_s);
    archive("wait_s", summary.wait_s);
    archive("transfer_s", summary.transfer_s);
    archive("compute_share", summary.compute_share);
    archive("wait_share", summary.wait_share);
    archive("transfer_share", summary.transfer_share);
    archive("idle_fraction", summary.idle_fraction);
    archive("hidden_s", summary.hidden_s);
    archive("hidden_share", summary.hidden_share);
    archive("samples_computed", summary.samples_computed);
    archive("samples_applied", summary.samples_applied);
    archive("samples_per_s", summary.samples_per_s);
    archive("time_to_target_s", summary.time_to_target_s);
    archive("time_to_target_low_s", summary.time_to_target_low_s);
    archive("time_to_target_high_s", summary.time_to_target_high_s);
    archive("accuracy_at_budget", summary.accuracy_at_budget);
    archive("energy_J", summary.energy_J);
    archive("host_energy_J", summary.host_energy_J);
    archive("link_energy_J", summary.link_energy_J);
    archive("energy_to_target_J", summary.energy_to_target_J);
    archive("updates", summary.updates);
    archive("mean_staleness", summary.mean_staleness);
    archive("messages", summary.messages);
    archive("bytes", summary.bytes);
    archive("predicted_messages", summary.predicted_messages);
    archive("predicted_bytes", summary.predicted_bytes);
    archive("cpu_percent", summary.cpu_percent);
    archive("memory_bytes", summary.memory_bytes);
    archive("memory_percent", summary.memory_percent);
    archive("parameters_digest", summary.parameters_digest);
    archive("replay", summary.replay);
    archive("standstill", summary.standstill);
}

template <typename Archive, base::ConstOrNot<Worker> Record>
void visit_fields(Archive&& archive, Record& worker) {
    archive("rank", worker.rank);
    archive("is_server", worker.is_server);
    archive("host", worker.host);
    archive("elapsed_s", worker.elapsed_s);
    archive("compute_s", worker.compute_s);
    archive("wait_s", worker.wait_s);
    archive("transfer_s", worker.transfer_s);
    archive("other_s", worker.other_s);
    archive("copying_s", worker.copying_s);
    archive("hidden_s", worker.hidden_s);
    archive("steps", worker.steps);
    archive("samples", worker.samples);
    archive("samples_applied", worker.samples_applied);
    archive("completed", worker.completed);
    archive("stopped", worker.stopped);
    archive("updates", worker.updates);
    archive("update_share", worker.update_share);
    archive("messages_sent", worker.messages_sent);
    archive("bytes_sent", worker.bytes_sent);
    archive("mean_staleness", worker.mean_staleness);
    archive("staleness", worker.staleness);
    archive("cpu_s", worker.cpu_s);
    archive("memory_bytes", worker.memory_bytes);
    archive("emulated_s", worker.emulated_s);
    archive("sleeps", worker.sleeps);
    archive("mean_oversleep_s", worker.mean_oversleep_s);
    archive("largest_oversleep_s", worker.largest_oversleep_s);
    archive("overruns", worker.overruns);
    archive("overrun_s", worker.overrun_s);
}

template <typename Archive, base::ConstOrNot<Evaluation> Record>
void visit_fields(Archive&& archive, Record& evaluation) {
    archive("epoch", evaluation.epoch);
    archive("worker", evaluation.worker);
    archive("elapsed_s", evaluation.elapsed_s);
    archive("updates", evaluation.updates);
    archive("samples", evaluation.samples);
    archive("train_loss", evaluation.train_loss);
    archive("test_loss", evaluation.test_loss);
    archive("test_accuracy", evaluation.test_accuracy);
    archive("energy_J", evaluation.energy_J);
}

template <typename Archive, base::ConstOrNot<TimeRange> Record>
void visit_fields(Archive&& archive, Record& range) {
    archive("seeds", range.seeds);
    archive("over", range.over);
    archive("lower_s", range.lower_s);
    archive("median_s", range.median_s);
    archive("upper_s", range.upper_s);
}

template <typename Archive, base::ConstOrNot<ExpectedError> Record>
void visit_fields(Archive&& archive, Record& error) {
    archive("like", error.like);
    archive("cases", error.cases);
    archive("median_percent", error.median_percent);
    archive("nine_in_ten_percent", error.nine_in_ten_percent);
    archive("worst_percent", error.worst_percent);
    archive("why_unknown", error.why_unknown);
}

template <typename Archive, base::ConstOrNot<SettingEffect> Record>
void visit_fields(Archive&& archive, Record& effect) {
    archive("key", effect.key);
    archive("lower_change_s", effect.lower_change_s);
    archive("upper_change_s", effect.upper_change_s);
}

/// All but its settings.
template <typename Archive, base::ConstOrNot<CalibrationRange> Record>
void visit_fields(Archive&& archive, Record& range) {
    archive("lower_s", range.lower_s);
    archive("upper_s", range.upper_s);
}

/// Whether CPU use and memory were measured or follow from the model: `measured` or `predicted`.
inline std::string_view cpu_and_memory(const Provenance& provenance) {
    return provenance.world == "simulated" ? "predicted" : "measured";
}

inline constexpr std::array<std::string_view, 5> outcome_names{"finished", "diverged", "stalled",
                                                               "interrupted", "aborted"};

inline std::string_view name(Outcome outcome) {
    return outcome_names[static_cast<std::size_t>(outcome)];
}

/// How AtTarget writes infinity.
inline constexpr std::string_view never = "never";

}  // namespace lockstep::result
