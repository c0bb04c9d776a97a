#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace lockstep::study {

/// Of several runs of one point.
struct Estimate {
    std::size_t count = 0;                                   ///< of the numbers that there are
    double mean = std::numeric_limits<double>::quiet_NaN();  ///< NaN of none
    double half_width =
        std::numeric_limits<double>::quiet_NaN();  ///< of the 95 % confidence interval; NaN below two
};

/// Mean and confidence interval by Student's t, which presumes that the numbers are independent and roughly
/// normal. NaN and infinities are left out.
Estimate estimate(std::span<const double> numbers);

}  // namespace lockstep::study
