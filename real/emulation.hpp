#pragma once

#include <cstddef>

#include "real/emulated_processor.hpp"
#include "scenario/config.hpp"

namespace lockstep::real {

/// From now on this rank computes as slowly as the scenario says, if it says so of it. Call once, before
/// training.
void emulate_processor(const scenario::Config& config, std::size_t rank);

/// This rank's, or null where it computes as fast as it can.
EmulatedProcessor* emulated_processor();

}  // namespace lockstep::real
