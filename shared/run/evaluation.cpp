#include "run/evaluation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "backend/backend.hpp"
#include "base/digest.hpp"
#include "base/vector_math.hpp"

namespace lockstep::run {
namespace {

constexpr std::size_t block = 1000;  // test samples evaluated at a time

result::Evaluation row_of(const Snapshot& snapshot, std::uint64_t updates_per_epoch) {
    result::Evaluation row;
    row.epoch = static_cast<double>(snapshot.updates) / static_cast<double>(updates_per_epoch);
    row.updates = snapshot.updates;
    row.elapsed_s = snapshot.elapsed_s;
    row.energy_J = snapshot.energy_J;
    return row;
}

void set_test(result::Evaluation& row, const model::Evaluation& test) {
    row.test_loss = test.loss;
    row.test_accuracy = test.accuracy;
}

Snapshot snapshot_of_start(const Start& start, std::uint64_t updates) {
    const double energy_J =
        backend::energy_used() ? start.energy_J : std::numeric_limits<double>::quiet_NaN();
    Snapshot snapshot{Snapshot::Of::shared, updates, start.elapsed_s, energy_J, {}, {.for_test = true}};
    if (!backend::arithmetic_is_real()) return snapshot;
    snapshot.values = base::FloatBuffer(start.v.size());
    base::copy(snapshot.values, start.v);
    return snapshot;
}

void search(const Problem& problem, const scenario::Config& config, LearningCurve& curve,
            result::Measures& measures) {
    if (!problem.dataset) return;
    if (const auto target = scenario::target(config)) curve.find(*target, measures);
    if (config.time_budget_s) measures.accuracy_at_budget = curve.accuracy_at(*config.time_budget_s);
}

/// The last one in any case.
void test_backwards(const std::vector<Snapshot>& snapshots, LearningCurve& curve,
                    const std::function<bool()>& has_time) {
    curve.tested(snapshots.size() - 1);
    for (std::size_t i = snapshots.size() - 1; i-- > 0 && has_time();)
        if (snapshots[i].kept.for_test) curve.tested(i);
}

void evaluate_course(const Problem& problem, const scenario::Config& config, const Start& start,
                     std::vector<Snapshot> snapshots, RankReport& report,
                     const std::function<bool()>& has_time) {
    const std::uint64_t updates_before = start.step * config.workers;
    snapshots.insert(snapshots.begin(), snapshot_of_start(start, updates_before));
    snapshots.back().kept.for_test = true;
    const std::uint64_t updates_per_epoch = problem.order.rounds_per_epoch() * config.workers;
    std::optional<Evaluator> evaluator;
    if (problem.dataset) evaluator.emplace(problem);
    LearningCurve curve(
        snapshots, {.all = [&](const Snapshot& snapshot) { return (*evaluator)(snapshot.values); },
                    .some = [&](const Snapshot& snapshot) { return evaluator->sample(snapshot.values); }});
    if (!has_time)
        search(problem, config, curve, report.measures);
    else if (problem.dataset)
        test_backwards(snapshots, curve, has_time);
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
        if (!snapshots[i].kept.for_test && !curve.is_tested(i)) continue;
        result::Evaluation& row = report.history.emplace_back(row_of(snapshots[i], updates_per_epoch));
        if (problem.dataset && (!has_time || curve.is_tested(i))) set_test(row, curve.tested(i));
    }
    const bool is_trained = snapshots.back().updates > updates_before;
    if (problem.dataset && is_trained) report.parameters_digest = base::digest(snapshots.back().values);
}

void evaluate_worker(const Problem& problem, std::span<const Snapshot> snapshots, RankReport& report,
                     const std::function<bool()>& has_time) {
    std::optional<Evaluator> evaluator;
    for (const Snapshot& snapshot : snapshots) {
        if (snapshot.of != Snapshot::Of::worker) continue;
        result::Evaluation& row =
            report.history.emplace_back(row_of(snapshot, problem.order.rounds_per_epoch()));
        row.worker = report.worker.rank;
        if (!problem.dataset || (has_time && !has_time())) continue;
        if (!evaluator) evaluator.emplace(problem);
        set_test(row, (*evaluator)(snapshot.values));
    }
}

}  // namespace

Evaluator::Evaluator(const Problem& problem)
    : problem_(problem),
      loader_(problem.dataset->test, problem.network.architecture().inputs, block),
      workspace_(problem.network, block) {}

model::Evaluation Evaluator::operator()(std::span<const float> parameters) {
    const std::size_t size = problem_.dataset->test.size();
    model::Evaluation total;
    for (std::size_t first = 0; first < size; first += block) {
        const std::size_t count = std::min(block, size - first);
        const auto part = problem_.network.evaluate(parameters, loader_.range(first, count), workspace_);
        total.loss += part.loss * static_cast<double>(count);
        total.accuracy += part.accuracy * static_cast<double>(count);
    }
    total.loss /= static_cast<double>(size);
    total.accuracy /= static_cast<double>(size);
    return total;
}

SampledTest Evaluator::sample(std::span<const float> parameters) {
    constexpr std::size_t parts = 10;
    constexpr std::size_t part_size = 100;
    constexpr double unknown = std::numeric_limits<double>::infinity();
    const std::size_t size = problem_.dataset->test.size();
    if (size < 2 * parts * part_size) return {{}, {unknown, unknown}};
    std::array<model::Evaluation, parts> tests;
    SampledTest sampled;
    for (std::size_t i = 0; i < parts; ++i) {
        const model::Batch samples = loader_.range(i * size / parts, part_size);
        tests[i] = problem_.network.evaluate(parameters, samples, workspace_);
        sampled.mean.loss += tests[i].loss / parts;
        sampled.mean.accuracy += tests[i].accuracy / parts;
    }
    const auto standard_error = [&](double model::Evaluation::*figure) {
        double squares = 0;
        for (const model::Evaluation& test : tests) {
            const double difference = test.*figure - sampled.mean.*figure;
            squares += difference * difference;
        }
        return std::sqrt(squares / (parts * (parts - 1)));
    };
    sampled.standard_error = {standard_error(&model::Evaluation::loss),
                              standard_error(&model::Evaluation::accuracy)};
    return sampled;
}

void put_in_order(std::vector<Snapshot>& snapshots) {
    std::ranges::stable_sort(snapshots, {}, &Snapshot::updates);
    for (std::size_t i = snapshots.size(); i-- > 1;)
        snapshots[i - 1].elapsed_s = std::min(snapshots[i - 1].elapsed_s, snapshots[i].elapsed_s);
}

void evaluate_kept(const Problem& problem, const scenario::Config& config, const Start& start,
                   std::vector<Snapshot> own, std::vector<Snapshot> joint, RankReport& report,
                   const std::function<bool()>& has_time) {
    for (Snapshot& snapshot : own)
        if (snapshot.of == Snapshot::Of::shared) joint.push_back(std::move(snapshot));
    put_in_order(joint);
    if (report.worker.rank == 0 || !joint.empty() || has_time)
        evaluate_course(problem, config, start, std::move(joint), report, has_time);
    evaluate_worker(problem, own, report, has_time);
}

}  // namespace lockstep::run
