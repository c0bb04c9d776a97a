#pragma once

#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// The report's Method 1: every worker steps from the same v on its own batch, then v = mean of the w_i.
///
/// Cost a round: one allreduce of the parameter vector by the collective chosen, and n operations a rank for
/// the mean. Equal to gradient allreduce, and to one worker with a batch c times as large, up to rounding.
void sync_average(Participant& participant);

}  // namespace lockstep::exchange
