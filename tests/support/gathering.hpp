#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"

namespace lockstep::support {

/// Every rank's values on every rank, by rank; lengths may differ. Collective; control messages only.
std::vector<std::vector<double>> gather_from_all(comm::Communicator& communicator,
                                                 const std::vector<double>& values);

/// Every rank's text on rank 0, in order of ranks; empty elsewhere. Collective.
std::string gather_text(comm::Communicator& communicator, const std::string& text);

/// Messages and payload bytes of all ranks since their logs were cleared. Collective.
comm::Traffic total_traffic(comm::Communicator& communicator);

}  // namespace lockstep::support
