#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "study/fit/fitted_links.hpp"
#include "study/fit/measured_runs.hpp"
#include "study/fit/sync_path.hpp"

namespace lockstep::study {

/// What runs that were made elsewhere say of their machines. The model of a run with N steps and M
/// synchronisations is
///
///     wall = N step + M (messages x overhead + bytes / bandwidth of its links)
///
/// where messages and bytes are those of SyncPath: one step and one overhead for all runs, one bandwidth for
/// each class of links.
struct ClusterFit {
    SummingBy collective;
    std::size_t parameters = 0;
    std::size_t workers = 2;  ///< of synchronisations below
    SyncPath path;            ///< of these
    std::size_t runs = 0;
    Bounded step_s = {};
    /// Of a message of the path. Where all runs of each class have as many workers, nothing tells it from
    /// bandwidth: then it is counted as bandwidth, and `high` is what would leave no class above its nominal
    /// bandwidth.
    Bounded overhead_s = {};
    bool overhead_is_told_apart = false;
    /// Standard deviation of relative residuals; NaN where there are no more equations than unknowns, or one
    /// run alone.
    double scatter = std::numeric_limits<double>::quiet_NaN();
    double degrees = 0;  ///< of freedom of that
    bool has_repeats = false;
    std::vector<FittedLinks> links = {};  ///< slowest first, then those whose name is no bandwidth
};

/// That more than a class's nominal bandwidth was reached, which no measurement's error explains.
std::vector<std::string> warnings_of(const ClusterFit& fit);

/// Least squares of relative residuals over all that is known: times of steps, of synchronisations, and of
/// whole runs. Figures of one run say much the same, so they count together as one (the covariance is that of
/// independent equations times the equations of a run), and fewer degrees of freedom are taken than there
/// are runs. Intervals are Student's, on a logarithmic scale, so that they hold no negative time.
/// Errors: InputError naming the file where step and synchronisation are not told apart.
ClusterFit fit_cluster(const MeasuredRuns& measured, const SummingBy& collective, std::size_t workers);

}  // namespace lockstep::study
