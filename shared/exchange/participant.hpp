#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/block.hpp"
#include "base/float_buffer.hpp"
#include "comm/collectives/group.hpp"
#include "comm/communicator.hpp"
#include "exchange/arrival_order.hpp"
#include "scenario/config.hpp"

namespace lockstep::exchange {

/// Looks on while a gradient is computed.
class GradientWatcher {
  public:
    virtual ~GradientWatcher() = default;
    /// All values from `first` on are final.
    virtual void known_from(std::size_t first) = 0;
    /// Called as often as backend::compute says: a chance to look after messages.
    virtual void meanwhile() = 0;
};

/// A worker's own training, one step at a time, as an exchange sees it. What the vector means is none of its
/// business.
class LocalTraining {
  public:
    virtual ~LocalTraining() = default;

    /// Steps that a worker takes in the whole run on average; where fast workers take more than their share,
    /// the functions below are asked for numbers beyond.
    virtual std::uint64_t steps() const = 0;
    virtual std::uint64_t steps_per_epoch() const = 0;

    /// Of step number `step` (from 0), known to servers as well.
    virtual float learning_rate(std::uint64_t step) const = 0;

    /// The matrices and vectors that the flat vector consists of, in its order.
    virtual std::span<const base::Block> blocks() const = 0;

    /// One step of this worker's own optimiser on its batch number `step`, charged to this rank's processor.
    /// With plain SGD: w -= learning_rate(step) * gradient at w.
    virtual void step(std::uint64_t step, std::span<float> w) = 0;

    /// The gradient at `w` of this worker's batch number `step`, charged. `step` is this, and then the
    /// optimiser.
    virtual void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) = 0;

    /// The same from the end of the vector to its beginning, as backpropagation goes. `gradient` need not be
    /// known all at once: the watcher is told what is.
    virtual void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                          GradientWatcher& watcher) = 0;
};

/// One step's contribution to the shared parameters v. The version counts how often v has changed.
struct Update {
    std::size_t worker;
    std::uint64_t step;
    std::uint64_t version_read;     ///< of the v that the step started from
    std::uint64_t version_applied;  ///< of v just before the contribution entered
};

/// Where an exchange reports. Nothing that is done here takes simulated time or sends messages.
class Journal {
  public:
    virtual ~Journal() = default;

    /// A contribution has been applied. Called by the rank that applied it.
    virtual void applied(const Update& update) = 0;

    /// v now holds all contributions of the first `steps` steps of a worker on average, `steps` = total
    /// contributions / workers, rounded down. Called by the rank that holds v, at least whenever that number
    /// has grown.
    virtual void shared_parameters(std::uint64_t steps, std::span<const float> v) = 0;

    /// The same where v is no one's: it is the mean of all workers' parameters, of which this worker's are
    /// `w` from now on, after so many steps. Called by every worker whenever its parameters have changed,
    /// except where all have become equal; then worker 0 calls shared_parameters.
    virtual void worker_share(std::uint64_t steps, std::span<const float> w) = 0;

    /// The same where each of several servers holds the values of v from `first` on. Called by every server
    /// whenever they have changed; `steps` counts as for shared_parameters.
    virtual void server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) = 0;

    /// The exchange was ended from outside, after so many contributions in all, which make v. Called by the
    /// rank that holds it.
    virtual void interrupted(std::uint64_t contributions, std::span<const float> v) = 0;

    /// This worker has finished the exchange after its step number `step` and goes on from `w`.
    virtual void own_parameters(std::uint64_t step, std::span<const float> w) = 0;
};

/// One rank's part in an exchange.
struct Participant {
    comm::Communicator& communicator;
    const scenario::Config& config;
    LocalTraining& training;  ///< workers only
    Journal& journal;
    std::span<const float> start;   ///< v before the first step, equal on all ranks
    ArrivalOrder* order = nullptr;  ///< of messages; null: they are taken as they come, and none is kept

    std::size_t workers() const { return config.workers; }
    std::size_t rank() const { return communicator.rank(); }
    /// Ranks 0 .. workers-1 are the workers; dedicated servers are the ranks after them.
    bool is_server() const { return rank() >= workers(); }
    std::size_t server() const { return workers(); }
    /// What this rank must take next, or null: whatever comes.
    const scenario::Arrival* next_arrival() const { return order == nullptr ? nullptr : order->next(); }
    /// A message has been taken from a worker.
    void take(const scenario::Arrival& arrival) const {
        if (order != nullptr) order->take(arrival);
    }
    /// All workers, on a worker.
    comm::Group group() const { return {communicator, 0, 1, workers()}; }
};

/// target = source, charged as a copy: free in simulated time unless --copy-bandwidth says otherwise.
void copy_values(std::span<float> target, std::span<const float> source);

/// A copy of `values` in a buffer that may travel.
base::FloatBuffer travelling_copy(std::span<const float> values);

}  // namespace lockstep::exchange
