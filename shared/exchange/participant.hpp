#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/float_buffer.hpp"
#include "comm/collectives/group.hpp"
#include "comm/communicator.hpp"
#include "exchange/arrival_order.hpp"
#include "exchange/journal.hpp"
#include "exchange/leg.hpp"
#include "exchange/local_training.hpp"
#include "exchange/optimiser.hpp"

namespace lockstep::exchange {

/// Who exchanges: the same on all ranks.
struct Team {
    std::size_t workers = 1;     ///< ranks 0 .. workers-1; dedicated servers are the ranks after them
    Optimising optimising = {};  ///< of gradients, where the method applies them itself
    std::uint64_t seed = 1;      ///< of what methods and codes draw
};

/// One rank's part in an exchange.
struct Participant {
    comm::Communicator& communicator;
    Team team;
    LocalTraining& training;  ///< servers ask it for learning rates and numbers of steps alone
    Journal& journal;
    std::span<const float> start;   ///< v before the first step, equal on all ranks
    ArrivalOrder* order = nullptr;  ///< of messages; null: they are taken as they come, and none is kept
    Leg* leg = nullptr;             ///< which part of the run; null: all

    std::size_t workers() const { return team.workers; }
    std::size_t rank() const { return communicator.rank(); }
    bool is_server() const { return rank() >= workers(); }
    /// The first one.
    std::size_t server() const { return workers(); }
    /// What this rank must take next, or null: whatever comes.
    const Arrival* next_arrival() const { return order == nullptr ? nullptr : order->next(); }
    /// A message has been taken from a worker.
    void take(const Arrival& arrival) const {
        if (order != nullptr) order->take(arrival);
    }
    /// As Leg has them; without one the run is the only leg.
    bool takes(std::uint64_t step) const {
        return leg == nullptr ? step < training.steps() : leg->takes(step);
    }
    std::uint64_t sure_until() const { return leg == nullptr ? training.steps() : leg->sure_until(); }
    bool leg_is_ending() const { return leg != nullptr && next_arrival() == nullptr && leg->is_ending(); }
    /// All workers, on a worker.
    comm::Group group() const { return {communicator, 0, 1, workers()}; }
};

/// target = source, charged as a copy: free in simulated time unless a bandwidth of copies is given.
void copy_values(std::span<float> target, std::span<const float> source);

/// A copy of `values` in a buffer that may travel.
base::FloatBuffer travelling_copy(std::span<const float> values);

}  // namespace lockstep::exchange
