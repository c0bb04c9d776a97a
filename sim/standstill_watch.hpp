#pragma once

#include <vector>

#include "sim/world.hpp"

namespace lockstep::sim {

/// Stops a run on a platform file in which nothing has gone on for very long, because a host has no speed or
/// a link no bandwidth: then all ranks are unwound, and `world.standstill_s` says since when. SimGrid does
/// not tell what a profile still holds, so it waits: 1e6 s of simulated time, or three million events of
/// profiles, each of which costs memory.
class StandstillWatch {
  public:
    /// Make it before the engine runs. It is at work only while something stands still.
    StandstillWatch(World& world, const std::vector<simgrid::s4u::Host*>& hosts);

  private:
    void start();
    void watch();
    void stop_all();

    World& world_;
    bool is_at_work_ = false;
};

}  // namespace lockstep::sim
