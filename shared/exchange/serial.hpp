#pragma once

#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// One worker, no messages: plain SGD, the reference for everything else.
void serial(Participant& participant);

}  // namespace lockstep::exchange
