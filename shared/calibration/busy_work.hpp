#pragma once

#include <cstddef>

#include "comm/communicator.hpp"

namespace lockstep::calibration {

/// Keeps the processor busy with so many equal pieces of work, whose result nothing depends on.
void compute(std::size_t units);

/// Seconds that a piece takes, by 200 of them.
double time_of_unit(const comm::Communicator& communicator);

}  // namespace lockstep::calibration
