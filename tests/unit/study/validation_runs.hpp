#pragma once

#include <string>
#include <vector>

#include "study/launch/runs.hpp"

namespace lockstep::test {

/// A run of two workers whose every time is a share of `elapsed_s`: 0.6 compute, 0.1 wait, 0.25 transfer,
/// 0.05 other; of two equally long epochs and 400 samples.
inline study::Run run_of(double elapsed_s, const std::string& world = "real") {
    study::Run run;
    run.config.method = scenario::Method("sync-average");
    run.config.workers = 2;
    run.config.epochs = 2;
    result::Result& result = run.result.emplace();
    result.provenance.world = world;
    result.summary.elapsed_s = elapsed_s;
    result.summary.samples_per_s = 400 / elapsed_s;
    result.summary.test_loss = 0.5;
    result.summary.test_accuracy = 0.9;
    result.summary.parameters_digest = "0123456789abcdef";
    result.staleness = {{0, 4}};
    for (std::size_t rank = 0; rank < 2; ++rank) {
        result::Worker& worker = result.workers.emplace_back();
        worker.rank = rank;
        worker.elapsed_s = elapsed_s;
        worker.compute_s = 0.6 * elapsed_s;
        worker.wait_s = 0.1 * elapsed_s;
        worker.transfer_s = 0.25 * elapsed_s;
        worker.other_s = 0.05 * elapsed_s;
        worker.update_share = 0.5;
    }
    for (const double epoch : {0.0, 1.0, 2.0}) {
        result::Evaluation& row = result.history.emplace_back();
        row.epoch = epoch;
        row.elapsed_s = epoch * elapsed_s / 2;
    }
    result.config = run.config;
    return run;
}

}  // namespace lockstep::test
