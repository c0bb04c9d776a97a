#pragma once

#include <cstddef>

#include "scenario/config.hpp"

namespace lockstep::study {

/// What makes runs of one scenario differ in more than their last digits where updates are made as they come.
/// draws: those of the platform. ties: nothing is drawn, but who comes first of two that come at one moment
/// hangs on nothing.
enum class Chance { none, draws, ties };

/// Of a simulated run: none where its result does not depend on timing, or the order is a recorded one.
Chance chance_of(const scenario::Config& config);

/// One of the runs that are alike but for chance, of which 0 is the run itself: with the next platform seed
/// for each further one, or with_jolt() of one worker after another, by one more once all have had theirs: no
/// two are the same.
scenario::Config alike(const scenario::Config& config, Chance chance, std::size_t number);

}  // namespace lockstep::study
