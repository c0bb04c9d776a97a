#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "study/launch/runs.hpp"
#include "study/validate/judgement.hpp"
#include "study/validate/statistics.hpp"

namespace lockstep::study {

enum class Unit { seconds, per_second, versions, loss, share };

/// One figure of the runs, measured and simulated.
struct Figure {
    std::string name;
    Unit unit = Unit::seconds;
    FiveNumbers measured;
    FiveNumbers simulated;
    double error_percent = 0;  ///< of the medians
    double bias_percent = 0;   ///< see bias_percent()
    std::optional<double>
        of_elapsed_percent;  ///< of times: the difference of the medians as a share of the measured run
    Interval interval;       ///< in which the measured median is known to lie
    std::optional<double> noise_percent;         ///< half of it, of the median; unset: there is one run
    Interval simulated_interval;                 ///< in which the simulated median is
    std::optional<double> tolerance_percent;     ///< of |error|, where that is judged
    std::optional<double> tolerance_difference;  ///< of the difference of the medians, where that is judged
    Verdict verdict = Verdict::shown;

    double difference() const { return simulated.median - measured.median; }
    /// What of the error lies beyond the interval.
    double beyond_interval_percent() const;
};

/// Shares of all updates, of all runs together.
struct StalenessShares {
    std::map<std::uint64_t, double> measured;
    std::map<std::uint64_t, double> simulated;
    double distance = 0;  ///< total variation: the share of updates that would have to change theirs
};

struct RankFigures {
    std::size_t rank = 0;
    bool is_server = false;
    std::vector<Figure> figures;
};

/// A figure of a result, as a number.
using FigureOf = std::function<double(const result::Result&)>;

/// That figure of all runs. `elapsed_s` is what differences of times are related to; NaN: nothing.
Figure make_figure(std::string name, Unit unit, const FigureOf& value, std::span<const Run> measured,
                   std::span<const Run> simulated, double elapsed_s);

/// The time between the ends of two epochs: differences of the history's rows of the shared parameters.
std::vector<double> epoch_times(const result::Result& result);

/// A figure for each epoch that all runs have.
std::vector<Figure> epoch_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                  double elapsed_s);
/// All epochs of all runs together; the bias compares each epoch with the simulated one of its number.
Figure epoch_time(std::span<const Run> measured, std::span<const Run> simulated, double elapsed_s);

/// Means of the workers, servers left out.
std::vector<Figure> phase_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                  double elapsed_s);
std::vector<RankFigures> rank_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                      double elapsed_s);
StalenessShares staleness_shares(std::span<const Run> measured, std::span<const Run> simulated);

}  // namespace lockstep::study
