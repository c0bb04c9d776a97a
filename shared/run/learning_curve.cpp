#include "run/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lockstep::run {
namespace {

constexpr std::size_t most_on_a_side = 2;  // of a moment whose median is taken

using scenario::Target;
using Of = Target::Of;

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

/// Whether all samples would hardly meet the target, as some of them say.
bool is_far_from(const Target& target, const SampledTest& test) {
    constexpr double standard_errors = 6;
    if (target.of == Of::accuracy)
        return test.mean.accuracy + standard_errors * test.standard_error.accuracy < target.value;
    return test.mean.loss - standard_errors * test.standard_error.loss > target.value;
}

}  // namespace

LearningCurve::LearningCurve(std::span<const Snapshot> snapshots, Test test)
    : snapshots_(snapshots), test_(std::move(test)), tests_(snapshots.size()) {
    for (std::size_t i = 0; i < snapshots.size(); ++i)
        if (snapshots[i].kept.for_search || i == 0 || i + 1 == snapshots.size()) moments_.push_back(i);
    is_known_to_be_short_.resize(moments_.size());
}

const model::Evaluation& LearningCurve::tested(std::size_t snapshot) {
    auto& test = tests_[snapshot];
    if (!test) test = test_.all(snapshots_[snapshot]);
    return *test;
}

std::size_t LearningCurve::sides(std::size_t moment) const {
    return std::min({most_on_a_side, moment, moments_.size() - 1 - moment});
}

double LearningCurve::median(std::size_t moment, Of of) {
    const std::size_t each = sides(moment);
    std::vector<double> values;
    for (std::size_t i = moment - each; i <= moment + each; ++i)
        values.push_back(measured(tested(moments_[i]), of));
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(each));
    return values[each];
}

bool LearningCurve::is_met_alone(std::size_t moment, const Target& target) {
    if (is_known_to_be_short_[moment]) return false;
    if (!is_tested(moments_[moment]) && is_far_from(target, test_.some(at(moment)))) {
        is_known_to_be_short_[moment] = true;
        return false;
    }
    return target.is_met_by(measured(tested(moments_[moment]), target.of));
}

/// The median meets it where more than half of those that it is of do.
bool LearningCurve::is_met(std::size_t moment, const Target& target) {
    const std::size_t each = sides(moment);
    std::size_t met = 0;
    for (std::size_t i = moment - each; i <= moment + each; ++i) met += is_met_alone(i, target) ? 1U : 0U;
    return met > each;
}

void LearningCurve::find(const Target& target, result::Measures& measures) {
    measures.time_to_target_s.value = result::AtTarget::never;
    const bool has_energy = !snapshots_.empty() && !std::isnan(snapshots_.front().energy_J);
    if (has_energy) measures.energy_to_target_J.value = result::AtTarget::never;
    std::size_t after = 0;
    while (after < moments_.size() && !is_met(after, target)) ++after;
    if (after == moments_.size()) return;
    const std::size_t before = after == 0 ? 0 : after - 1;
    const Snapshot& from = at(before);
    const Snapshot& to = at(after);
    const double share = share_of_way(median(before, target.of), median(after, target.of), target.value);
    measures.time_to_target_s.value = between(from.elapsed_s, to.elapsed_s, share);
    measures.energy_to_target_J.value = between(from.energy_J, to.energy_J, share);
    measures.time_to_target_low_s = from.elapsed_s;
    measures.time_to_target_high_s = to.elapsed_s;
}

double LearningCurve::accuracy_at(double time_s) {
    for (std::size_t i = 1; i < moments_.size(); ++i) {
        const Snapshot& before = at(i - 1);
        const Snapshot& after = at(i);
        if (time_s >= after.elapsed_s || after.elapsed_s <= before.elapsed_s) continue;
        return between(median(i - 1, Of::accuracy), median(i, Of::accuracy),
                       (time_s - before.elapsed_s) / (after.elapsed_s - before.elapsed_s));
    }
    return snapshots_.empty() ? std::numeric_limits<double>::quiet_NaN()
                              : tested(snapshots_.size() - 1).accuracy;
}

}  // namespace lockstep::run
