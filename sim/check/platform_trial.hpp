#pragma once

#include <string>

#include "sim/platform/prepared_engine.hpp"

namespace lockstep::sim {

/// Finds out whether ranks can run on a platform. Make it before the engine, which it watches at work.
class PlatformTrial {
  public:
    /// Reads the file's profiles beforehand, one by one: SimGrid's complaints do not name them.
    explicit PlatformTrial(const std::string& platform_file);
    PlatformTrial(const PlatformTrial&) = delete;
    PlatformTrial& operator=(const PlatformTrial&) = delete;

    /// Why ranks cannot run, or nothing: a host or link with an impossible speed, latency or bandwidth, or
    /// hosts without a way between them that messages can take. All hosts compute, and one message is sent
    /// around them, until it is under way; whether it ever arrives is the run's business.
    ///
    /// The engine is of no further use. SimGrid may give up in its own ways.
    std::string obstacle(PreparedEngine& prepared) const;

  private:
    std::string obstacle_between(const simgrid::s4u::Host& from, const simgrid::s4u::Host& to,
                                 const PreparedEngine& prepared) const;
    std::string missing_way(const PreparedEngine& prepared) const;

    bool has_profiles_;  ///< one of which may have taken a link's bandwidth to 0, for a time
};

}  // namespace lockstep::sim
