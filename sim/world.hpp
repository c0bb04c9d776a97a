#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "base/function_ref.hpp"
#include "scenario/config.hpp"
#include "sim/arithmetic_pool.hpp"

namespace lockstep::sim {

/// What all ranks of one simulation share. Lives in `simulate`; reached by the backend through the rank that
/// calls.
struct World {
    explicit World(const scenario::Config& the_config);

    const scenario::Config& config;
    ArithmeticPool pool;
    std::exception_ptr error;  ///< the first that a rank threw
    std::size_t finished_ranks = 0;
    std::vector<std::pair<float*, std::size_t>>
        phantom_memory;  ///< timing-only: regions that all buffers share
};

/// One rank of it.
struct Rank {
    World& world;
    std::size_t number = 0;
    double compute_s = 0;
    bool finished = false;
};

/// The rank that calls. Precondition: called from a simulated rank.
Rank& this_rank();

/// Runs `program` once per rank (scenario::rank_count), between MPI_Init and MPI_Finalize, on the platform
/// and network model of the configuration, and returns when all ranks have.
///
/// One simulation a process: SimGrid cannot start a second one. Errors: rethrows the first exception of a
/// rank after stopping the others; base::InputError for a bad platform or more ranks than
/// the machine can hold; base::EnvironmentError where all remaining ranks wait for each other, or where a
/// profile of the platform turns off the host of a rank or a link in use.
void simulate(const scenario::Config& config, const std::function<void()>& program);

}  // namespace lockstep::sim
