#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/float_buffer.hpp"
#include "exchange/participant.hpp"
#include "scenario/arrival.hpp"

namespace lockstep::exchange {

/// A run whose order is known, on one rank that does what all its ranks did.
struct SerialReplay {
    const scenario::Config& config;
    std::vector<LocalTraining*> training;  ///< of each worker
    std::vector<Journal*> journals;        ///< of each rank of the recorded run
    std::span<const float> start;
    std::span<const scenario::Arrival> arrivals;
    bool complete = true;  ///< whether the recorded run came to its end

    std::size_t workers() const { return training.size(); }
};

/// Takes everybody's steps one after another, in the recorded order, without messages: the parameters are
/// those of the recorded run, bit for bit, where the configuration is. What is reported to the journals is
/// what the recorded ranks reported, workers' own parameters aside.
///
/// Precondition: one server at most. Cost: the arithmetic of all ranks.
/// Throws base::InputError where the order is not one that the method can have.
void replay_serially(const SerialReplay& replay);

/// Vectors of n values that it holds.
double serial_replay_vectors(const scenario::Config& config);

/// by-arrival, in-turn, and easgd with a server: workers step on parameters of their own.
void replay_parameters(const SerialReplay& replay);
/// backup-workers, bounded-staleness, softsync, dc-asgd: workers send gradients.
void replay_gradients(const SerialReplay& replay);
/// ad-psgd: workers average in pairs.
void replay_pairs(const SerialReplay& replay);

/// The shared v with its version, and what is told of it.
class ReplayedVector {
  public:
    explicit ReplayedVector(const SerialReplay& replay);

    std::span<float> values() { return values_; }
    std::uint64_t version() const { return version_; }

    /// Throws base::InputError unless the arrival is of this version of v, and of a step that started from
    /// `version_read`.
    void require(const scenario::Arrival& arrival, std::uint64_t version_read) const;

    /// The arrival's `steps` steps enter v, which still is of the version before.
    void contribute(const scenario::Arrival& arrival, std::uint64_t steps = 1);
    /// v has changed. `steps` of a worker on average have entered it.
    void changed(std::uint64_t steps);
    void changed();
    /// No more arrivals: where that is not the end of the run, tells how far v has come, as a server does.
    void end() const;

  private:
    const SerialReplay& replay_;
    base::FloatBuffer values_;
    std::uint64_t version_ = 0;
    std::uint64_t contributions_ = 0;
};

}  // namespace lockstep::exchange
