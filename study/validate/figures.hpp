#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "study/validate/validation.hpp"

namespace lockstep::study {

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
