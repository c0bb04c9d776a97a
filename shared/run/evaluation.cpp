#include "run/evaluation.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "data/batch_loader.hpp"

namespace lockstep::run {
namespace {

constexpr std::size_t block = 1000;  // test samples evaluated at a time

model::Evaluation evaluate(const Problem& problem, std::span<const float> parameters,
                           data::BatchLoader& loader, model::Workspace& workspace) {
    const std::size_t size = problem.dataset->test.size();
    model::Evaluation total;
    for (std::size_t first = 0; first < size; first += block) {
        const std::size_t count = std::min(block, size - first);
        const auto part = problem.network.evaluate(parameters, loader.range(first, count), workspace);
        total.loss += part.loss * static_cast<double>(count);
        total.accuracy += part.accuracy * static_cast<double>(count);
    }
    total.loss /= static_cast<double>(size);
    total.accuracy /= static_cast<double>(size);
    return total;
}

}  // namespace

void evaluate_snapshots(const Problem& problem, const std::vector<Snapshot>& snapshots, RankReport& report) {
    if (snapshots.empty()) return;
    std::optional<data::BatchLoader> loader;
    std::optional<model::Workspace> workspace;
    if (problem.dataset) {
        loader.emplace(problem.dataset->test, problem.network.architecture().inputs, block);
        workspace.emplace(problem.network, block);
    }
    for (const Snapshot& snapshot : snapshots) {
        const bool is_shared = snapshot.of == Snapshot::Of::shared;
        if (!is_shared && snapshot.of != Snapshot::Of::worker) continue;
        result::Evaluation& row = report.history.emplace_back();
        row.epoch = snapshot.steps / static_cast<double>(problem.order.rounds_per_epoch());
        row.updates = snapshot.updates;
        if (!is_shared) row.worker = report.worker.rank;
        row.elapsed_s = snapshot.elapsed_s;
        row.energy_J = snapshot.energy_J;
        if (!problem.dataset) continue;
        const auto evaluation = evaluate(problem, snapshot.values, *loader, *workspace);
        row.test_loss = evaluation.loss;
        row.test_accuracy = evaluation.accuracy;
        if (is_shared && snapshot.updates > 0) report.parameters_digest = base::digest(snapshot.values);
    }
}

}  // namespace lockstep::run
