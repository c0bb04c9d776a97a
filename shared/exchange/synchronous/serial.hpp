#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// One worker, no messages: plain SGD, the reference for everything else.
void serial(Participant& participant);

std::optional<comm::Traffic> serial_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
