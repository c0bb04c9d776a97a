#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/float_buffer.hpp"
#include "comm/communicator.hpp"
#include "scenario/config.hpp"

namespace lockstep::exchange {

/// A worker's own training, one step at a time, as an exchange sees it. What the vector means is none of its
/// business.
class LocalTraining {
  public:
    virtual ~LocalTraining() = default;

    /// Steps that a worker takes in the whole run on average; where fast workers take more than their share,
    /// `step` is asked for numbers beyond.
    virtual std::uint64_t steps() const = 0;

    /// w -= rate * gradient(w) on this worker's batch number `step` (from 0), charged to this rank's
    /// processor.
    virtual void step(std::uint64_t step, std::span<float> w) = 0;
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
    /// contributions / workers. Called by the rank that holds v, at least whenever that average is a whole
    /// number.
    virtual void shared_parameters(std::uint64_t steps, std::span<const float> v) = 0;

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
    std::span<const float> start;  ///< v before the first step, equal on all ranks

    std::size_t workers() const { return config.workers; }
    std::size_t rank() const { return communicator.rank(); }
    /// Ranks 0 .. workers-1 are the workers; a dedicated server is the rank after them.
    bool is_server() const { return rank() >= workers(); }
    std::size_t server() const { return workers(); }
};

/// target = source. Copies within memory are free in simulated time and skipped in timing-only runs.
void copy_values(std::span<float> target, std::span<const float> source);

/// A copy of `values` in a buffer that may travel.
base::FloatBuffer travelling_copy(std::span<const float> values);

}  // namespace lockstep::exchange
