#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// The report's Method 1: every worker steps from the same v on its own batch, then v = mean of the w_i.
///
/// Cost a round: one allreduce of the parameter vector by the collective chosen, and n operations a rank for
/// the mean. Equal to gradient allreduce, and to one worker with a batch c times as large, up to rounding;
/// with heavy-ball momentum too, since the mean of the workers' velocities obeys the same rule as they do.
void sync_average(Participant& participant);

std::optional<comm::Traffic> sync_average_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
