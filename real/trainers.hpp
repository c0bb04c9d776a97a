#pragma once

#include <string_view>

#include "comm/communicator.hpp"
#include "scenario/config.hpp"

namespace lockstep::real {

class RankWatch;

/// How ranks wait for messages: with a limit, or, where they need not sleep meanwhile, in the library, whose
/// behaviour is to be measured.
enum class Waits { watched, in_library };

/// All ranks, for training. Where there are more of them than cores, those that wait sleep if processors are
/// emulated, since they would take time from those that work; and rank 0 warns that times mean nothing,
/// unless all speeds are. `program` is its name. Who waits with a limit looks at `watch` meanwhile, where
/// that is not null. Collective over all ranks.
comm::Communicator trainers(const scenario::Config& config, std::string_view program,
                            Waits waits = Waits::watched, RankWatch* watch = nullptr);

/// All ranks, of whom the others wait while one of them writes files: for six hours, or for --rank-timeout
/// where that is more. Collective over all ranks.
comm::Communicator patient_ranks(const scenario::Config& config);

}  // namespace lockstep::real
