#pragma once

#include <cstddef>
#include <vector>

#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// The sizes of the messages that a run sends, in bytes.
struct RunSizes {
    std::size_t usual = 0;         ///< for which the simulated link is there, unless they are an example
    std::vector<std::size_t> all;  ///< ascending; `usual` and the model's are among them
    bool is_example = false;       ///< runs that send others are to be simulated as well
};

/// The model's size; the mean message by the method's closed form (a ring's segment, a bucket's, a server's
/// part); the code of a gradient; and the model's halves, quarters ... down to a worker's share.
///
/// Example, 100 values on 4 workers: ring 100, 200, 400 (usual: 100), tree 100, 200, 400 (usual: 400).
RunSizes sizes_of_run(const scenario::Config& config, const run::Problem& problem);

/// Whether messages of so many bytes cost the same: within two per cent, as a few empty messages make a mean
/// smaller.
bool are_same_size(double one_bytes, double other_bytes);

}  // namespace lockstep::calibration
