#pragma once

#include <string>
#include <vector>

#include "calibration/message_samples.hpp"
#include "comm/communicator.hpp"

namespace lockstep::calibration {

/// Times messages of the sizes that the run sends, and of 1 B to the largest size, two sizes an octave, of
/// pairs of ranks one after another: up to three pairs on one host and three across hosts, spread over the
/// ranks; then, of three hosts and more, messages from one to two others (fan_out). What does not fit into
/// the budget is left out (PairMeasurement).
///
/// Collective; returns all on rank 0, nothing elsewhere. `hosts` are those of all ranks.
MessageSamples measure_messages(comm::Communicator& communicator, const MessagePlan& plan,
                                const std::vector<std::string>& hosts);

}  // namespace lockstep::calibration
