#pragma once

#include "result/result.hpp"

namespace lockstep::result {

/// A small simulated in-turn run with every field set, and different from every other.
inline Result sample_result() {
    Result result;
    result.config.method = scenario::Method("in-turn");
    result.config.workers = 2;
    result.config.hidden = {30};
    Provenance& provenance = result.provenance;
    provenance.world = "simulated";
    provenance.backend = "SimGrid 3.32 (SMPI)";
    provenance.lockstep_version = "0.1.0";
    provenance.git_revision = "abc123";
    provenance.compiler = "GCC 12.2.0";
    provenance.instruction_set = "x86-64";
    provenance.products = "Eigen 3.4.0 (SSE)";
    provenance.launcher = "mpirun (Open MPI) 4.1.4";
    provenance.data_description = "digits, tiny";
    provenance.host = "machine";
    provenance.platform = "star";
    provenance.started_utc = "2024-01-02T03:04:05Z";
    provenance.wall_s = 1.25;
    provenance.oversubscribed = true;
    provenance.calibrated = true;
    provenance.calibration_host = "node-7";
    provenance.calibration_age_days = 2.5;
    provenance.calibration_changes = "latency";
    provenance.calibration_warnings = {"most messages have 3 MiB", "the largest that was timed has 1 MiB"};
    Summary& summary = result.summary;
    summary.test_loss = 0.1 + 0.2;
    summary.test_accuracy = 0.925;
    summary.elapsed_s = 2;
    summary.compute_s = 1.5;
    summary.wait_s = 0.25;
    summary.transfer_s = 0.125;
    summary.compute_share = 0.75;
    summary.wait_share = 0.125;
    summary.transfer_share = 0.0625;
    summary.idle_fraction = 0.375;
    summary.hidden_s = 0.5;
    summary.hidden_share = 0.03125;
    summary.samples_computed = 400;
    summary.samples_applied = 350;
    summary.samples_per_s = 400;
    summary.time_to_target_s.value = 1.75;
    summary.time_to_target_low_s = 1.6875;
    summary.time_to_target_high_s = 1.8125;
    summary.accuracy_at_budget = 0.875;
    summary.energy_J = 300;
    summary.host_energy_J = 290;
    summary.link_energy_J = 10;
    summary.energy_to_target_J.value = AtTarget::never;
    summary.updates = 4;
    summary.mean_staleness = 0.75;
    summary.messages = 8;
    summary.bytes = 18446744073709551615ULL;
    summary.predicted_messages = 8;
    summary.predicted_bytes = 1000;
    summary.cpu_percent = 37.5;
    summary.memory_bytes = 3.0 * 1024 * 1024;
    summary.memory_percent = 0.5;
    summary.parameters_digest = "00112233445566778899aabbccddeeff";
    summary.replay = "changed: lr";
    result.workers = {
        {0,       false, "node-0", 2,      1.5,     0.25, 0.125,    0.125, 0.015625, 0.0625,           2,
         200,     150,   true,     false,  2,       0.5,  4,        500,   0.5,      {{0, 1}, {1, 1}}, 1.25,
         1048576, 1.45,  3,        0.0625, 0.09375, 1,    0.0078125},
        {1,     false,   "node-1", 1.9, 1.4,     0.3,      0.1,
         0.1,   0,       0,        2,   200,     200,      false,
         false, 2,       0.5,      4,   600,     1,        {{1, 1}, {10, 1}},
         1.125, 2097152, 1.4,      4,   0.03125, 0.046875, 0,
         0}};
    result.history = {{1, std::nullopt, 1, 2, 200, 0.75, 0.5, 0.75, 150},
                      {1.5, 1, 0.9, 1, 100, 0.8, 0.6, 0.7, 140}};
    result.staleness = {{0, 1}, {1, 2}, {10, 1}};
    result.time_range = {5, "5 platform seeds", 1.5, 1.875, 2.25};
    result.expected_error = {"by timing, emulated processors", 25, 2.5, 6.25, 12.5, ""};
    result.calibration_range = {1.7, 2.1, {{"speed", 0.21875, -0.175}, {"latency", 0, 0.0078125}}};
    result.updates = {{0, 0, 0, 0}, {1, 0, 0, 1}, {0, 1, 1, 2}, {1, 1, 2, 12}};
    return result;
}

}  // namespace lockstep::result
