#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "calibration/message_samples.hpp"
#include "comm/communicator.hpp"
#include "comm/message_probe.hpp"

namespace lockstep::calibration {

/// One rank each of three hosts.
struct FanOutRanks {
    std::size_t sender = 0;
    std::size_t first = 0;
    std::size_t second = 0;
};

/// The last rank, where servers are, and the first two on other hosts; nothing where there are no three
/// hosts. By rank: the name of its host; one at least.
std::optional<FanOutRanks> ranks_of_fan_out(std::span<const std::string> hosts);

/// How many are made of messages that take so long: 10 where they fit into a tenth of all messages' time, at
/// least 2 where these fit into a quarter, else none. The first does not count: a network that has been at
/// rest may let through more at once. Precondition: `one_way_s` is above 0.
std::size_t fan_outs_within(double budget_s, double one_way_s);

/// Rank 0's: what pairs leave of the plan's budget for these, as far as these samples tell: a tenth until
/// messages across hosts have been timed.
double kept_for_fan_out(const MessagePlan& plan, const std::vector<PairSamples>& pairs);

/// Whether a host's messages to different hosts leave first in, first out, or share its link (send-ahead): of
/// messages of the size that the run sends most, if that was timed and is mostly transfer, and as many as end
/// within `left_s` or one message later. Collective; complete on rank 0, whose `pairs` and `left_s` count.
FanOutSamples measure_fan_out(comm::Communicator& communicator, comm::MessageProbe& probe,
                              const MessagePlan& plan, const FanOutRanks& ranks,
                              const std::vector<PairSamples>& pairs, double left_s);

}  // namespace lockstep::calibration
