#pragma once

#include <string>
#include <vector>

#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// SimGrid's engine with all that a run needs before its ranks start: options, meters of energy, platform.
/// The check of a platform file makes the same, so that what passes it runs.
///
/// One a process. Errors: base::InputError for what the platform does not allow; SimGrid's own exceptions,
/// abort() and crashes where it gives up on a file.
class PreparedEngine {
  public:
    explicit PreparedEngine(const scenario::Config& config);

    simgrid::s4u::Engine& engine() { return engine_; }
    /// Of ranks 0, 1, 2 ...
    const std::vector<simgrid::s4u::Host*>& hosts() const { return hosts_; }
    /// One line for people and results, with what a file's <config> changes.
    const std::string& platform() const { return platform_; }

  private:
    simgrid::s4u::Engine engine_;
    std::string platform_;
    std::vector<simgrid::s4u::Host*> hosts_;
};

}  // namespace lockstep::sim
