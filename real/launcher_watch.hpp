#pragma once

namespace lockstep::real {

/// Where a launcher started this process as a rank, has it killed when that is gone. Uses SIGURG.
void end_with_launcher();

}  // namespace lockstep::real
