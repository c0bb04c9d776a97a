#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/validate/validation.hpp"

namespace lockstep::study {

/// The parts of to_text(): tables for people. Of many rows the first and last are shown.

/// The figures of the whole run with their verdicts, and the parameters.
std::string figures_table(const Validation& validation);
/// Times beside their weight in the whole run; nothing where there are none.
std::string times_table(const std::string& heading, const std::vector<Figure>& figures,
                        const Validation& validation);
/// The share of updates with each staleness; nothing where no update is stale.
std::string staleness_table(const Validation& validation);
/// Every rank: measured / simulated.
std::string ranks_table(const Validation& validation);

/// Where the runs of either side were made, and what the simulated ones presume.
std::string sources_text(const Validation& validation);

/// What the measured side is called.
std::string measured_title(const Validation& validation);
/// How sure the interval of the median of so few values is: ` (level 75 %)`; empty from five on.
std::string level_remark(std::size_t count);
/// `+3.1 %`
std::string signed_percent(double value);

}  // namespace lockstep::study
