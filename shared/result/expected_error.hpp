#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace lockstep::result {

/// How far the time of a simulated run is likely to be off: by so much were the times of validated cases like
/// it. Nothing is known of a run whose platform was not measured, or like which there are no cases.
struct ExpectedError {
    std::string like;         ///< what they have in common: `by timing, emulated processors`; empty: none
    std::uint64_t cases = 0;  ///< how many there are
    double median_percent = std::numeric_limits<double>::quiet_NaN();       ///< of their absolute errors
    double nine_in_ten_percent = std::numeric_limits<double>::quiet_NaN();  ///< which 9 in 10 do not exceed
    double worst_percent = std::numeric_limits<double>::quiet_NaN();
    std::string why_unknown;  ///< where there are none; else empty
};

/// Which 9 in 10 do not exceed: `6.2 %`, or `unknown`.
std::string bound_of(const ExpectedError& error);
/// What it rests on: `or less in 9 of 10 of 25 validated cases: by timing, emulated processors`; or why it is
/// unknown.
std::string basis_of(const ExpectedError& error);

}  // namespace lockstep::result
