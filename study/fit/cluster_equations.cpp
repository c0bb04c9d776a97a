#include "study/fit/cluster_equations.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {

ClusterEquations::ClusterEquations(const MeasuredRuns& measured, const SummingBy& collective,
                                   std::span<const FittedLinks> links, bool has_overhead)
    : measured_(measured), collective_(collective), links_(links), has_overhead_(has_overhead) {
    for (const MeasuredRun& run : measured.runs) add(run);
}

std::vector<double> ClusterEquations::factors(double steps, double syncs, const SyncPath& path,
                                              std::size_t links) const {
    std::vector<double> all(unknowns(), 0);
    all[0] = steps;
    if (has_overhead_) all[1] = syncs * path.messages;
    all[first_class() + links] = syncs * path.bytes;
    return all;
}

std::vector<double> ClusterEquations::factors(const MeasuredRun& run, double steps, double syncs) const {
    return factors(steps, syncs, sync_path(collective_, run.workers, measured_.parameters), class_of(run));
}

std::size_t ClusterEquations::class_of(const MeasuredRun& run) const {
    const auto found = std::ranges::find_if(links_, [&](const FittedLinks& links) { return links.has(run); });
    return static_cast<std::size_t>(found - links_.begin());
}

void ClusterEquations::add(const MeasuredRun& run) {
    const std::size_t before = equations_.size();
    if (run.step_s) equations_.push_back({factors(run, 1, 0), *run.step_s});
    if (run.sync_s) equations_.push_back({factors(run, 0, 1), *run.sync_s});
    if (run.wall_s) equations_.push_back({factors(run, run.steps, run.syncs), *run.wall_s});
    of_a_run_ = std::max(of_a_run_, equations_.size() - before);
}

LeastSquares ClusterEquations::solve() const {
    LeastSquares found = solve_relative_least_squares(equations_);
    if (!found.undetermined) return found;
    const std::size_t unknown = *found.undetermined;
    const std::string name = unknown < first_class() ? "its links" : links_[unknown - first_class()].name;
    throw base::InputError(fmt::format(
        "{}: steps and synchronisations over {} are not told apart; it takes runs of two periods, or the "
        "columns compute_ms_median and sync_ms_median",
        measured_.file, name));
}

Uncertainty::Uncertainty(const ClusterEquations& equations, const LeastSquares& found, std::size_t runs) {
    constexpr double rounding = 1e-12;  // of what fits exactly
    constexpr double outside = 0.05;
    const std::size_t spare = found.equations - equations.unknowns();
    degrees_ = static_cast<double>(std::min(spare, runs - 1));
    if (degrees_ == 0) return;
    scatter_ = std::sqrt(found.residual_squares / static_cast<double>(spare));
    if (scatter_ < rounding) scatter_ = 0;
    const boost::math::students_t distribution(degrees_);
    const double quantile = boost::math::quantile(boost::math::complement(distribution, outside / 2));
    scale_ = quantile * scatter_ * std::sqrt(static_cast<double>(equations.of_a_run()));
}

Bounded Uncertainty::bounded(const LeastSquares& found, std::span<const double> factors) const {
    constexpr double widest = 1000;  // what may be that many times as much is not known
    Bounded figure;
    for (std::size_t i = 0; i < factors.size(); ++i) figure.value += factors[i] * found.values[i];
    const double half = half_width(found, factors) / figure.value;
    if (!(half <= std::log(widest))) return figure;
    figure.low = figure.value * std::exp(-half);
    figure.high = figure.value * std::exp(half);
    return figure;
}

}  // namespace lockstep::study
