#pragma once

#include <cstddef>

#include "base/function_ref.hpp"
#include "scenario/config.hpp"

namespace lockstep::exchange {

/// Calls visit(a, b) for each two ranks between which the method may send messages in the timed part, some of
/// them more than once, in either order. What is sent before it and after it (start parameters, results) does
/// not count. Without the library's own sums and ad-psgd's draws, each of these pairs does send where workers
/// take enough steps.
///
/// Example: by-arrival on 3 workers: (0, 3), (1, 3), (2, 3); a sum along a ring of 4: (0, 1), (1, 2), (2, 3),
/// (3, 0).
///
/// Cost: one call for each message of one exchange; c^2 / 2 calls where all may meet all.
void for_each_pair(const scenario::Config& config, base::FunctionRef<void(std::size_t, std::size_t)> visit);

}  // namespace lockstep::exchange
