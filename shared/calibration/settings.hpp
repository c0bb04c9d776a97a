#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "calibration/findings.hpp"

namespace lockstep::calibration {

/// The platform that behaves as was found: a star whose ranks have a processor each, or hosts of several
/// ranks where there were such. Messages of one size (link_bytes) decide where one number stands for all.
/// What was not measured has its default.
scenario::Config platform_of(const Findings& found, const std::vector<RankWork>& work);

/// As options, those that were measured.
scenario::KeyValues settings_of(const Findings& found, const std::vector<RankWork>& work);

/// The size of messages of which the simulated link has the bandwidth: the run's usual size. Where runs may
/// send any, the largest one of those that cost least a byte, of sizes that are mostly transfer: no message
/// is faster than a link, and what others cost more is a factor.
double link_bytes(const MessageFindings& found, const RunSizes& run);

/// What a message costs in that simulation, with one bandwidth for all sizes or less.
MessageCost simulated_cost(const MessageFindings& found, const RunSizes& run);

/// Of the settings that are numbers (docs/formats/calibration.md): of processors by what their ranks tell, of
/// the network by the bootstrap (Efron 1979) in two stages, of pairs of ranks and, within each, of the
/// samples of each size, since those of a pair are alike (Davison and Hinkley 1997, 3.8); everything is
/// fitted to them anew but the sizes at which pieces begin. Drawn from the seed alone.
std::vector<SettingInterval> intervals_of(const Findings& found, const Measurements& measured,
                                          std::uint64_t seed);

}  // namespace lockstep::calibration
