#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "study/fit/fitted_links.hpp"
#include "study/fit/least_squares.hpp"
#include "study/fit/measured_runs.hpp"
#include "study/fit/sync_path.hpp"

namespace lockstep::study {

/// All that is known of times, as equations. The unknowns are the step, the overhead of a message where it is
/// one of them, and what a byte takes on each class of links.
class ClusterEquations {
  public:
    /// What it is given must outlive it.
    ClusterEquations(const MeasuredRuns& measured, const SummingBy& collective,
                     std::span<const FittedLinks> links, bool has_overhead);

    std::size_t unknowns() const { return first_class() + links_.size(); }
    std::size_t first_class() const { return has_overhead_ ? 2 : 1; }
    /// Factors of the unknowns in so many steps and synchronisations.
    std::vector<double> factors(double steps, double syncs, const SyncPath& path, std::size_t links) const;
    std::vector<double> factors(const MeasuredRun& run, double steps, double syncs) const;
    std::size_t class_of(const MeasuredRun& run) const;
    /// Most that one run has.
    std::size_t of_a_run() const { return of_a_run_; }

    /// Errors: InputError naming the file where step and synchronisation are not told apart.
    LeastSquares solve() const;

  private:
    void add(const MeasuredRun& run);

    const MeasuredRuns& measured_;
    const SummingBy& collective_;
    std::span<const FittedLinks> links_;
    bool has_overhead_;
    std::vector<Equation> equations_;
    std::size_t of_a_run_ = 0;
};

/// How far figures may be off, from the residuals.
class Uncertainty {
  public:
    Uncertainty(const ClusterEquations& equations, const LeastSquares& found, std::size_t runs);

    /// The sum of factors x unknowns.
    Bounded bounded(const LeastSquares& found, std::span<const double> factors) const;
    /// Of its interval where it is no time that must be above 0.
    double half_width(const LeastSquares& found, std::span<const double> factors) const {
        return scale_ * found.deviation(factors);
    }
    double scatter() const { return scatter_; }
    double degrees() const { return degrees_; }

  private:
    double scatter_ = std::numeric_limits<double>::quiet_NaN();
    double degrees_ = 0;
    double scale_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace lockstep::study
