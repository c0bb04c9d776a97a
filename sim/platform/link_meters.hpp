#pragma once

#include <optional>
#include <string>
#include <vector>

#include <simgrid/s4u.hpp>

namespace lockstep::sim {

/// What links use. SimGrid's own meter multiplies the load of the moment at which it looks by the time since
/// it looked last; loads change in between. These follow each step of the engine's clock.
///
/// A link of utilisation u (its load over its bandwidth, from 0 to 1) uses idle + (busy - idle) u watts; a
/// message in its latency loads nothing. So where bandwidths stay as they are, a link has used idle x seconds
/// + (busy - idle) x bytes / (bandwidth factor x bandwidth): what a message has carried so far counts, also
/// of one under way or lost. Acknowledgements of LV08 and SMPI, 5 % of a flow on its way back, are load as
/// well. Links that all flows can use in full at once (FATPIPE) have the utilisation of the fastest of them.
/// A link that a profile has switched off uses what its property `wattage_off` says, or nothing, as SimGrid's
/// documentation has it; its plug-in charges idle watts then.
///
/// Example: 4016 bytes at 125 MB/s through a link of 2 W idle and 4 W busy within 10 ms: 0.02 J + 64.256 uJ.
class LinkMeters {
  public:
    /// Of all links with a property `wattage_range`. Call it when the platform exists and before the engine
    /// runs, once a process. Errors: base::InputError naming the file and a link whose property is not
    /// IDLE:BUSY, or whose `wattage_off` is no number of watts.
    LinkMeters(const simgrid::s4u::Engine& engine, const std::string& platform_file);
    LinkMeters(const LinkMeters&) = delete;
    LinkMeters& operator=(const LinkMeters&) = delete;

    /// Joules of all links since the engine started.
    double used_J() const;

  private:
    struct Meter {
        const simgrid::s4u::Link* link = nullptr;
        double idle_W = 0;
        double busy_W = 0;
        double off_W = 0;
        double bandwidth_Bps = 0;
        double busy_s = 0;                       ///< integral of the utilisation
        double off_s = 0;                        ///< before `off_since_s`
        std::optional<double> off_since_s = {};  ///< while it is switched off
    };
    void advance(double step_s);
    void was_switched(const simgrid::s4u::Link& link);

    std::vector<Meter> meters_;
    bool bandwidths_changed_ = false;
};

}  // namespace lockstep::sim
