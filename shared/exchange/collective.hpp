#pragma once

#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/collective_cost.hpp"
#include "scenario/config.hpp"

namespace lockstep::exchange {

/// What the option --collective chooses between: the program and its closed form (null for the MPI library's
/// own).
struct CollectiveChoice {
    comm::Allreduce allreduce;
    comm::CollectiveCost (*cost)(std::size_t ranks, std::size_t values, const comm::LinkCost& link);
};

CollectiveChoice choose(scenario::Collective collective);

}  // namespace lockstep::exchange
