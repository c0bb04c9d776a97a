#pragma once

#include <optional>
#include <string>

#include "study/fit/cluster_fit.hpp"

namespace lockstep::study {

/// What a platform is simulated with.
struct LinkSettings {
    double step_s = 0;
    double latency_s = 0;
    double bandwidth_Bps = 0;

    bool operator==(const LinkSettings&) const = default;
};

/// Links as they are taken to be, and at both ends of what they may be.
struct LinkCase {
    std::string name;
    bool is_measured = true;       ///< else between the classes that are, or beyond them
    bool is_extrapolated = false;  ///< beyond them
    LinkSettings expected;
    std::optional<LinkSettings> fastest;  ///< both unset where nothing is known of scatter
    std::optional<LinkSettings> slowest;
};

/// The links of that name, or with that bandwidth.
///
/// What was measured there is taken as it is, with the ends of its intervals: step and synchronisation both
/// at their slowest, and both at their fastest. At a bandwidth that nobody measured, the share of the nominal
/// bandwidth that was reached is interpolated, linearly in the logarithm of bandwidth; the interval then
/// holds what both neighbours' shares would give, with and without the overhead that may be. Beyond the ends
/// the share goes on with the slope between the last two classes (in proportion, so that it stays above 0),
/// to the nominal bandwidth at most; the interval then holds what the shares of all classes would give, and
/// twice that slope. Errors: InputError naming `option` for a name that is neither a class nor a bandwidth,
/// or a bandwidth where no class has one.
LinkCase links_of(const ClusterFit& fit, std::string_view option, const std::string& name);

}  // namespace lockstep::study
