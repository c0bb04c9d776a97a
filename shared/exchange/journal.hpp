#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lockstep::exchange {

/// One step's contribution to the shared parameters v. The version counts how often v has changed.
struct Update {
    std::size_t worker;
    std::uint64_t step;
    std::uint64_t version_read;     ///< of the v that the step started from
    std::uint64_t version_applied;  ///< of v just before the contribution entered
};

/// Where an exchange reports; this one takes no notice. Nothing that is done here takes simulated time or
/// sends messages.
class Journal {
  public:
    virtual ~Journal() = default;

    /// A contribution has been applied. Called by the rank that applied it.
    virtual void applied(const Update& /*update*/) {}

    /// v now holds all contributions of the first `steps` steps of a worker on average, `steps` = total
    /// contributions / workers, rounded down. Called by the rank that holds v, at least whenever that number
    /// has grown.
    virtual void shared_parameters(std::uint64_t /*steps*/, std::span<const float> /*v*/) {}

    /// The same where v is no one's: it is the mean of all workers' parameters, of which this worker's are
    /// `w` from now on, after so many steps. Called by every worker whenever its parameters have changed,
    /// except where all have become equal; then worker 0 calls shared_parameters.
    virtual void worker_share(std::uint64_t /*steps*/, std::span<const float> /*w*/) {}

    /// The same where each of several servers holds the values of v from `first` on. Called by every server
    /// whenever they have changed; `steps` counts as for shared_parameters.
    virtual void server_share(std::uint64_t /*steps*/, std::size_t /*first*/,
                              std::span<const float> /*part*/) {}

    /// The exchange was ended from outside, after so many contributions in all, which make v. Called by the
    /// rank that holds it.
    virtual void interrupted(std::uint64_t /*contributions*/, std::span<const float> /*v*/) {}

    /// This worker has finished the exchange after its step number `step` and goes on from `w`.
    virtual void own_parameters(std::uint64_t /*step*/, std::span<const float> /*w*/) {}
};

}  // namespace lockstep::exchange
