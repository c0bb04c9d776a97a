#pragma once

#include <cstddef>

#include "real/emulated_processor.hpp"
#include "scenario/config.hpp"

namespace lockstep::real {

/// Whether an emulated processor sleeps until a slower one would be done, or only counts for how long.
enum class Sleeps { taken, skipped };

/// From now on this rank computes as slowly as the scenario says, if it says so of it. Call once, before
/// training.
void emulate_processor(const scenario::Config& config, std::size_t rank, Sleeps sleeps = Sleeps::taken);

/// For how long this rank would have slept so far, where sleeps are skipped; else 0.
double skipped_s();

/// This rank's, or null where it computes as fast as it can.
EmulatedProcessor* emulated_processor();

}  // namespace lockstep::real
