#pragma once

#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// How the messages that cross a link of the generated platform share it, by --sharing. Call it when the
/// platform exists and before the engine runs.
///
/// * equal: max-min fairness. k messages on a link of bandwidth B get B / k each, and what one of them cannot
///   use because of another link goes to the others.
/// * rtt: SimGrid's own, weighted max-min fairness. Of a full link a message gets B w / (sum of all w), where
///   w is 1 / the latency of its route (before factors and jitter); LV08 and SMPI add to that latency the
///   sum of S / bandwidth over its links, S = 20537 and 8775 bytes.
///
/// Where all weights are the same anyway, equal leaves a run to the bit as SimGrid makes it. Cost elsewhere:
/// a look at the messages that began last in each step of the engine's clock. Errors: base::InputError for
/// rtt where of the routes that the method uses (Method::for_each_pair) some have a latency and others none,
/// whose weight SimGrid takes to be that of 1 s.
///
/// Returns whether it gives all messages the weight 1; else they have SimGrid's own.
bool share_links(const simgrid::s4u::Engine& engine, const scenario::Config& config);

/// Throws base::EnvironmentError where this SimGrid has none by that name.
simgrid::kernel::resource::Model& network_of(const simgrid::s4u::Engine& engine);

}  // namespace lockstep::sim
