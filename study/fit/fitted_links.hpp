#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "study/fit/measured_runs.hpp"
#include "study/fit/sync_path.hpp"

namespace lockstep::study {

/// A figure with the ends of its 95 % interval; NaN where nothing is known of its scatter.
struct Bounded {
    double value = 0;
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();

    bool has_interval() const { return low <= high; }
};

/// Links that have the same name.
struct FittedLinks {
    std::string name;
    std::optional<double> nominal_Bps;
    std::size_t runs = 0;
    Bounded sync_s = {};         ///< of ClusterFit::workers workers
    Bounded bandwidth_Bps = {};  ///< by which `sync_s` is told, after the overhead
    double residual = 0;  ///< mean of ln(measured / fitted) of its runs' wall times; NaN where none is known

    /// Of the synchronisations that were measured; where overhead is told apart, of ClusterFit::workers.
    SyncPath path = {};

    /// The share of the nominal bandwidth, where there is one.
    std::optional<double> reached() const {
        if (!nominal_Bps) return std::nullopt;
        return bandwidth_Bps.value / *nominal_Bps;
    }
    bool has(const MeasuredRun& run) const {
        return run.nominal_Bps ? run.nominal_Bps == nominal_Bps : !nominal_Bps && run.links == name;
    }
    /// The bandwidth that makes a synchronisation of ClusterFit::workers workers, whose path is `asked`, take
    /// so long with that overhead of a message, as far as that was measured: on `path`, on which times are as
    /// bytes where overhead is not told apart. Not above 0 where the overhead alone takes longer.
    double bandwidth_for(double time_s, const SyncPath& asked, double latency_s) const {
        return path.bytes / (time_s * path.bytes / asked.bytes - path.messages * latency_s);
    }
};

}  // namespace lockstep::study
