#pragma once

#include <string>

#include "study/run_folder.hpp"
#include "study/show/look.hpp"

namespace lockstep::study {

/// What there is of a run, for people: summary, the course of loss and accuracy, a bar of each rank's time,
/// and where there are events a timeline in whose cells each use has its share. No line is
/// longer than the look's columns as long as no single word is.
std::string to_text(const RunFolder& run, const Look& look);

}  // namespace lockstep::study
