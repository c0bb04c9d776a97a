#pragma once

#include <span>
#include <string>

#include "study/sweep/plan.hpp"
#include "study/sweep/summary.hpp"

namespace lockstep::study {

/// The points for people, a line each: time, accuracy, time to the target where one is asked for, and
/// waiting, as mean and half width of the 95 % confidence interval. A column has one unit. ASCII.
std::string to_text(std::span<const std::string> keys, std::span<const SweepPoint> points);

}  // namespace lockstep::study
