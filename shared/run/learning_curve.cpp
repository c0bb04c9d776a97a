#include "run/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lockstep::run {
namespace {

constexpr std::size_t most_on_a_side = 2;  // of a moment whose median is taken

using Of = scenario::Target::Of;

/// What diverged is as bad as can be.
double measured(const model::Evaluation& test, Of of) {
    const double value = of == Of::accuracy ? test.accuracy : test.loss;
    if (!std::isnan(value)) return value;
    return of == Of::accuracy ? 0 : std::numeric_limits<double>::infinity();
}

double between(double from, double to, double share) {
    return from + (to - from) * share;
}

/// By which share of the way from `before` to `after` the target is met.
double share_of_way(double before, double after, double target) {
    if (before == after || !std::isfinite(before)) return 1;
    return std::clamp((target - before) / (after - before), 0.0, 1.0);
}

}  // namespace

LearningCurve::LearningCurve(std::span<const Snapshot> snapshots, Test test)
    : snapshots_(snapshots), test_(std::move(test)), tests_(snapshots.size()) {}

const model::Evaluation& LearningCurve::tested(std::size_t moment) {
    auto& test = tests_[moment];
    if (!test) test = test_(snapshots_[moment]);
    return *test;
}

double LearningCurve::median(std::size_t moment, Of of) {
    const std::size_t sides = std::min({most_on_a_side, moment, snapshots_.size() - 1 - moment});
    std::vector<double> values;
    for (std::size_t i = moment - sides; i <= moment + sides; ++i) values.push_back(measured(tested(i), of));
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(sides));
    return values[sides];
}

std::optional<std::size_t> LearningCurve::first_to_meet(const scenario::Target& target) {
    for (std::size_t i = 0; i < snapshots_.size(); ++i) {
        if (snapshots_[i].kept == Kept::in_case) continue;
        if (target.is_met_by(measured(tested(i), target.of)) && target.is_met_by(median(i, target.of)))
            return i;
    }
    return std::nullopt;
}

std::size_t LearningCurve::scanned_before(std::size_t moment) const {
    while (moment > 0 && snapshots_[--moment].kept == Kept::in_case) {
    }
    return moment;
}

void LearningCurve::find(const scenario::Target& target, result::Measures& measures) {
    measures.time_to_target_s.value = result::AtTarget::never;
    const bool has_energy = !snapshots_.empty() && !std::isnan(snapshots_.front().energy_J);
    if (has_energy) measures.energy_to_target_J.value = result::AtTarget::never;
    const auto found = first_to_meet(target);
    if (!found) return;
    std::size_t after = *found;
    std::size_t before = scanned_before(after);
    while (before + 1 < after) {
        const std::size_t middle = before + (after - before) / 2;
        (target.is_met_by(median(middle, target.of)) ? after : before) = middle;
    }
    const Snapshot& from = snapshots_[before];
    const Snapshot& to = snapshots_[after];
    const double share = share_of_way(median(before, target.of), median(after, target.of), target.value);
    measures.time_to_target_s.value = between(from.elapsed_s, to.elapsed_s, share);
    measures.energy_to_target_J.value = between(from.energy_J, to.energy_J, share);
    measures.time_to_target_low_s = from.elapsed_s;
    measures.time_to_target_high_s = to.elapsed_s;
}

double LearningCurve::accuracy_at(double time_s) {
    for (std::size_t i = 1; i < snapshots_.size(); ++i) {
        const Snapshot& before = snapshots_[i - 1];
        const Snapshot& after = snapshots_[i];
        if (time_s >= after.elapsed_s || after.elapsed_s <= before.elapsed_s) continue;
        return between(median(i - 1, Of::accuracy), median(i, Of::accuracy),
                       (time_s - before.elapsed_s) / (after.elapsed_s - before.elapsed_s));
    }
    return snapshots_.empty() ? std::numeric_limits<double>::quiet_NaN()
                              : tested(snapshots_.size() - 1).accuracy;
}

}  // namespace lockstep::run
