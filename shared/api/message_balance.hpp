#pragma once

#include <string_view>

#include "comm/communicator.hpp"

namespace lockstep {

/// That every training message in the ranks' logs has been received: one left over would be taken for
/// another's, by whoever trains next.
///
/// Collective, after the timed part; one control message from each rank, of 24 bytes a partner. Throws
/// comm::AgreedError that names `method` and the two ranks.
void require_all_received(comm::Communicator& communicator, std::string_view method);

}  // namespace lockstep
