#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <simgrid/s4u.hpp>

namespace lockstep::sim {

/// What profiles of a platform file have taken out of order: links without bandwidth and hosts without speed,
/// which may come back; and what they have turned off, which is lost to the run, since the messages and the
/// rank on it are. And it makes outages of links what they are for hosts: what is under way stands still, and
/// goes on when they end. SimGrid 3.32 itself gives up there.
class Breakdowns {
  public:
    /// Watches from now on. Make it when the platform exists and before the engine runs.
    explicit Breakdowns(const simgrid::s4u::Engine& engine);
    Breakdowns(const Breakdowns&) = delete;
    Breakdowns& operator=(const Breakdowns&) = delete;

    /// Of these hosts, and of all links, is told from now on; `broke` is called when something stands still.
    void watch(const std::vector<simgrid::s4u::Host*>& hosts, std::function<void()> broke);

    /// Where it now has none: what it says that it has is not that.
    bool has_no_bandwidth(const simgrid::s4u::Link& link) const {
        const auto found = links_.find(&link);
        return found != links_.end() && found->second.is_out;
    }
    bool none() const { return standing_.empty() && off_.empty(); }
    /// Whether something stands still that may go on again.
    bool any_standing() const { return !standing_.empty(); }
    /// Events of profiles so far, of whatever hosts and links.
    std::uint64_t events() const { return events_; }
    /// When the latest began of which is told.
    double latest_s() const;
    /// `host a has had no speed since 5 ms and link l went off at 1.5 s of the platform's time`.
    std::string description() const;

  private:
    struct LinkState {
        simgrid::s4u::Link* link;
        double bandwidth_Bps;  ///< now, or before the outage
        simgrid::s4u::Link::SharingPolicy policy;
        bool is_out;
    };
    void begin_outage(LinkState& state);
    static void end_outage(LinkState& state);
    void bandwidth_changed(const simgrid::s4u::Link& link);
    void note(const std::string& what, bool stands);
    void note_off(const std::string& what);

    std::map<const simgrid::s4u::Link*, LinkState> links_;
    std::map<std::string, double> standing_;  ///< what, and since when
    std::map<std::string, double> off_;
    std::function<void()> broke_;
    std::uint64_t events_ = 0;
    bool is_changing_ = false;  ///< a bandwidth, itself
};

}  // namespace lockstep::sim
