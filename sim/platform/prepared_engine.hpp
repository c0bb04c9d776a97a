#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"
#include "sim/platform/breakdowns.hpp"
#include "sim/platform/link_meters.hpp"
#include "sim/platform/pair_queues.hpp"

namespace lockstep::sim {

/// SimGrid's engine with all that a run needs before its ranks start: options, meters of energy, platform.
/// The check of a platform file makes the same, so that what passes it runs.
///
/// One a process. Errors: base::InputError for what the platform does not allow; SimGrid's own exceptions,
/// abort() and crashes where it gives up on a file.
class PreparedEngine {
  public:
    /// `trace`, for the engine's own trace, is a file, or nothing: none.
    explicit PreparedEngine(const scenario::Config& config, const std::string& trace = {});

    simgrid::s4u::Engine& engine() { return engine_; }
    /// Of ranks 0, 1, 2 ...
    const std::vector<simgrid::s4u::Host*>& hosts() const { return hosts_; }
    /// Null where the scenario gives no powers.
    const LinkMeters* link_meters() const { return link_meters_ ? &*link_meters_ : nullptr; }
    /// Null where the platform is generated.
    Breakdowns* breakdowns() { return breakdowns_ ? &*breakdowns_ : nullptr; }
    const Breakdowns* breakdowns() const { return breakdowns_ ? &*breakdowns_ : nullptr; }
    PairQueues& queues() { return *queues_; }
    /// One line for people and results, with what a file's <config> changes.
    const std::string& platform() const { return platform_; }

  private:
    simgrid::s4u::Engine engine_;
    std::string platform_;
    std::vector<simgrid::s4u::Host*> hosts_;
    std::shared_ptr<PairQueues> queues_;
    std::optional<Breakdowns> breakdowns_;
    std::optional<LinkMeters> link_meters_;
};

}  // namespace lockstep::sim
