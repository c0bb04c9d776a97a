#include "study/fit/cluster_fit.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "study/fit/cluster_equations.hpp"

namespace lockstep::study {
namespace {

std::vector<FittedLinks> classes_of(const MeasuredRuns& measured) {
    constexpr std::size_t most_classes = 100;
    std::vector<FittedLinks> classes;
    for (const MeasuredRun& run : measured.runs) {
        const auto known =
            std::ranges::find_if(classes, [&](const FittedLinks& links) { return links.has(run); });
        FittedLinks& links =
            known == classes.end() ? classes.emplace_back(FittedLinks{run.links, run.nominal_Bps}) : *known;
        ++links.runs;
    }
    if (classes.size() > most_classes)
        throw base::InputError(measured.file, fmt::format("{} classes of links", classes.size()),
                               fmt::format("at most {}", most_classes), "fit a part of them");
    std::ranges::stable_sort(classes, {}, [](const FittedLinks& links) {
        return links.nominal_Bps.value_or(std::numeric_limits<double>::infinity());
    });
    return classes;
}

/// In some class there are runs of different numbers of workers, whose messages and bytes differ.
bool tells_overhead_apart(const MeasuredRuns& measured, const ClusterFit& fit) {
    for (const FittedLinks& links : fit.links) {
        std::size_t workers = 0;
        for (const MeasuredRun& run : measured.runs) {
            if (run.syncs == 0 || !links.has(run)) continue;
            if (workers != 0 && workers != run.workers) return true;
            workers = run.workers;
        }
    }
    return false;
}

/// Of the runs of these links, which have one number of workers.
SyncPath measured_path(const MeasuredRuns& measured, const FittedLinks& links, const ClusterFit& fit) {
    for (const MeasuredRun& run : measured.runs)
        if (run.syncs > 0 && links.has(run))
            return sync_path(fit.collective, run.workers, measured.parameters);
    return fit.path;
}

bool has_repeats(const MeasuredRuns& measured) {
    using RepeatedCell = std::tuple<std::string, std::size_t, std::string, std::size_t>;
    std::vector<RepeatedCell> cells;
    for (const MeasuredRun& run : measured.runs)
        cells.emplace_back(run.method.name(), run.period, run.links, run.workers);
    std::ranges::sort(cells);
    return std::ranges::adjacent_find(cells) != cells.end();
}

/// What every class could spare before it were faster than its name says; NaN where no name says it.
double most_overhead_s(const ClusterFit& fit) {
    double most_s = std::numeric_limits<double>::infinity();
    for (const FittedLinks& links : fit.links) {
        if (!links.nominal_Bps) continue;
        const double measured_s = links.sync_s.value * links.path.bytes / fit.path.bytes;
        most_s = std::min(most_s, (measured_s - links.path.bytes / *links.nominal_Bps) / links.path.messages);
    }
    return std::isfinite(most_s) ? std::max(most_s, 0.0) : std::numeric_limits<double>::quiet_NaN();
}

double mean_residual(const MeasuredRuns& measured, const ClusterEquations& equations,
                     const LeastSquares& found, std::size_t links) {
    double sum = 0;
    double count = 0;
    for (const MeasuredRun& run : measured.runs) {
        if (!run.wall_s || equations.class_of(run) != links) continue;
        const std::vector<double> factors = equations.factors(run, run.steps, run.syncs);
        double fitted_s = 0;
        for (std::size_t i = 0; i < factors.size(); ++i) fitted_s += factors[i] * found.values[i];
        sum += std::log(*run.wall_s / fitted_s);
        ++count;
    }
    return sum / count;
}

/// 1 / (what a byte takes). An overhead that is not told apart widens it, up to the nominal bandwidth.
Bounded bandwidth_of(const ClusterFit& fit, const FittedLinks& links, const Bounded& byte_s) {
    Bounded bandwidth{1 / byte_s.value, 1 / byte_s.high, 1 / byte_s.low};
    if (fit.overhead_is_told_apart || !links.nominal_Bps || !bandwidth.has_interval()) return bandwidth;
    const double without_Bps = links.bandwidth_for(links.sync_s.low, fit.path, fit.overhead_s.high);
    const double most_Bps = *links.nominal_Bps;
    bandwidth.high = std::max(bandwidth.high, without_Bps > 0 ? std::min(without_Bps, most_Bps) : most_Bps);
    return bandwidth;
}

void enter_overhead(ClusterFit& fit, const LeastSquares& found, const Uncertainty& uncertainty) {
    std::vector<double> overhead(found.values.size(), 0);
    overhead[1] = 1;
    if (found.values[1] > 0) {
        fit.overhead_s = uncertainty.bounded(found, overhead);
        return;
    }
    const double high_s = found.values[1] + uncertainty.half_width(found, overhead);
    fit.overhead_s = {0, 0, std::isnan(high_s) ? high_s : std::max(high_s, 0.0)};
}

/// Equations with what solves them.
struct SolvedCluster {
    ClusterEquations equations;
    LeastSquares found;
    Uncertainty uncertainty;

    SolvedCluster(const MeasuredRuns& measured, const ClusterFit& fit, bool has_overhead)
        : equations(measured, fit.collective, fit.links, has_overhead),
          found(equations.solve()),
          uncertainty(equations, found, fit.runs) {}
};

/// With an overhead where one is told apart and more than 0: no negative time fits better than none.
SolvedCluster solve_cluster(const MeasuredRuns& measured, ClusterFit& fit) {
    if (fit.overhead_is_told_apart) {
        SolvedCluster solved(measured, fit, true);
        enter_overhead(fit, solved.found, solved.uncertainty);
        if (fit.overhead_s.value > 0) return solved;
    }
    return {measured, fit, false};
}

void require_positive_times(const SolvedCluster& solved, const std::string& file) {
    for (const double value : solved.found.values)
        if (!(value > 0))
            throw base::InputError(fmt::format(
                "{}: the times of its runs do not go together: a step or a synchronisation would take less "
                "than no time; runs of other machines, models or collectives need files of their own",
                file));
}

}  // namespace

ClusterFit fit_cluster(const MeasuredRuns& measured, const SummingBy& collective, std::size_t workers) {
    ClusterFit fit{collective, measured.parameters, workers,
                   sync_path(collective, workers, measured.parameters), measured.runs.size()};
    fit.links = classes_of(measured);
    fit.has_repeats = has_repeats(measured);
    fit.overhead_is_told_apart = tells_overhead_apart(measured, fit);
    for (FittedLinks& links : fit.links)
        links.path = fit.overhead_is_told_apart ? fit.path : measured_path(measured, links, fit);
    const SolvedCluster solved = solve_cluster(measured, fit);
    require_positive_times(solved, measured.file);
    const auto& [equations, found, uncertainty] = solved;
    fit.scatter = uncertainty.scatter();
    fit.degrees = uncertainty.degrees();
    fit.step_s = uncertainty.bounded(found, equations.factors(1, 0, fit.path, 0));
    for (std::size_t i = 0; i < fit.links.size(); ++i) {
        fit.links[i].sync_s = uncertainty.bounded(found, equations.factors(0, 1, fit.path, i));
        fit.links[i].residual = mean_residual(measured, equations, found, i);
    }
    if (!fit.overhead_is_told_apart) fit.overhead_s = {0, 0, most_overhead_s(fit)};
    for (std::size_t i = 0; i < fit.links.size(); ++i) {
        std::vector<double> byte(equations.unknowns(), 0);
        byte[equations.first_class() + i] = 1;
        fit.links[i].bandwidth_Bps = bandwidth_of(fit, fit.links[i], uncertainty.bounded(found, byte));
    }
    return fit;
}

std::vector<std::string> warnings_of(const ClusterFit& fit) {
    constexpr double measurement_error = 0.05;
    std::vector<std::string> warnings;
    for (const FittedLinks& links : fit.links)
        if (const auto reached = links.reached(); reached && *reached > 1 + measurement_error)
            warnings.push_back(fmt::format(
                "{}: {} of the nominal bandwidth is reached: its runs overlap, sum by another collective "
                "than {}, or its bandwidth is another one",
                links.name, base::format_share(*reached), fit.collective.name()));
    return warnings;
}

}  // namespace lockstep::study
