#pragma once

#include "comm/communicator.hpp"
#include "scenario/parse.hpp"

namespace lockstep::real {

/// Calibrates the machines on which the ranks are (calibration::calibrate). Collective. Errors:
/// comm::AgreedError of what all ranks find wrong, also where there are more of them than cores.
void run_calibration(comm::Communicator& everybody, const scenario::Invocation& invocation);

}  // namespace lockstep::real
