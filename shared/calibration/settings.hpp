#pragma once

#include <cstddef>

#include "calibration/findings.hpp"

namespace lockstep::calibration {

/// The options by which a simulation behaves as was found: a star whose ranks have a processor each, or hosts
/// of several ranks where there were such. Messages of `model_bytes` decide where one number stands for all
/// sizes.
scenario::KeyValues settings_of(const Findings& found, const std::vector<RankWork>& work,
                                std::size_t model_bytes);

/// What a message costs in that simulation, with one bandwidth for all sizes or less.
MessageCost simulated_cost(const MessageFindings& found, std::size_t model_bytes);

}  // namespace lockstep::calibration
