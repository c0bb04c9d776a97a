#pragma once

#include "option/quantity.hpp"

namespace lockstep::scenario {

inline constexpr option::QuantityRange bandwidths{"1Bps", "1000000GBps"};
inline constexpr option::QuantityRange powers{"0W", "1000MW"};

}  // namespace lockstep::scenario
