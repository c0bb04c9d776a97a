#pragma once

#include <string_view>

#include "comm/communicator.hpp"
#include "scenario/config.hpp"

namespace lockstep::real {

/// All ranks, for training. Where there are more of them than cores, those that wait sleep if processors are
/// emulated, since they would take time from those that work; and rank 0 warns that times mean nothing,
/// unless all speeds are. `program` is its name. Collective over all ranks.
comm::Communicator trainers(const scenario::Config& config, std::string_view program);

}  // namespace lockstep::real
