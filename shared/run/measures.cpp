#include "run/measures.hpp"

#include <vector>

namespace lockstep::run {
namespace {

/// Evaluations of the shared parameters in order of time.
std::vector<const result::Evaluation*> shared_rows(const result::Result& result) {
    std::vector<const result::Evaluation*> rows;
    for (const result::Evaluation& row : result.history)
        if (!row.worker) rows.push_back(&row);
    return rows;
}

double between(double from, double to, double share) {
    return from + (to - from) * share;
}

void add_target(result::Summary& summary, const std::vector<const result::Evaluation*>& rows, double target) {
    summary.time_to_target_s.value = result::AtTarget::never;
    summary.energy_to_target_J.value = result::AtTarget::never;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!(rows[i]->test_accuracy >= target)) continue;
        const result::Evaluation& after = *rows[i];
        const result::Evaluation& before = i == 0 ? after : *rows[i - 1];
        const double gain = after.test_accuracy - before.test_accuracy;
        const double share = gain > 0 ? (target - before.test_accuracy) / gain : 1;
        summary.time_to_target_s.value = between(before.elapsed_s, after.elapsed_s, share);
        summary.energy_to_target_J.value = between(before.energy_J, after.energy_J, share);
        return;
    }
}

double accuracy_at(const std::vector<const result::Evaluation*>& rows, double time_s) {
    double accuracy = rows.empty() ? std::numeric_limits<double>::quiet_NaN() : rows.back()->test_accuracy;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const result::Evaluation& before = *rows[i - 1];
        const result::Evaluation& after = *rows[i];
        if (time_s >= after.elapsed_s || after.elapsed_s <= before.elapsed_s) continue;
        return between(before.test_accuracy, after.test_accuracy,
                       (time_s - before.elapsed_s) / (after.elapsed_s - before.elapsed_s));
    }
    return accuracy;
}

}  // namespace

void add_measures(result::Result& result) {
    if (scenario::timing_only(result.config)) return;
    const auto rows = shared_rows(result);
    if (result.config.target_accuracy) add_target(result.summary, rows, *result.config.target_accuracy);
    if (result.config.time_budget_s)
        result.summary.accuracy_at_budget = accuracy_at(rows, *result.config.time_budget_s);
}

}  // namespace lockstep::run
