#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "exchange/local_training.hpp"
#include "exchange/method.hpp"

namespace lockstep {

/// What train() was asked to do, on this rank.
struct TrainRequest {
    const exchange::LocalTraining& training;
    const exchange::Method& method;
    std::span<const float> start;
    const exchange::Team& team;
    std::size_t ranks;
};

/// All that can be seen without a message. Throws base::InputError naming what is wrong.
void check(const TrainRequest& request);

/// What must be equal on all ranks, each with its name.
struct Equal {
    std::string what;
    std::string value;
};
std::vector<Equal> must_be_equal(const TrainRequest& request);

/// The same on every rank. Collective; throws base::InputError where this rank's differs from rank 0's.
void check_equal(comm::Communicator& communicator, const std::vector<Equal>& values);

/// A training that throws base::InputError where numbers stop being finite, and counts steps.
class CheckedTraining final : public exchange::LocalTraining {
  public:
    CheckedTraining(exchange::LocalTraining& training, bool checks) : training_(training), checks_(checks) {}

    std::uint64_t steps_taken() const { return steps_taken_; }

    std::uint64_t steps() const override { return training_.steps(); }
    std::uint64_t steps_per_epoch() const override { return training_.steps_per_epoch(); }
    float learning_rate(std::uint64_t step) const override;
    exchange::Optimising optimising() const override { return training_.optimising(); }
    std::span<const base::Block> blocks() const override { return training_.blocks(); }
    void step(std::uint64_t step, std::span<float> w) override;
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) override;
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                  exchange::GradientWatcher& watcher) override;

  private:
    void finish(std::uint64_t step, std::string_view what, std::span<const float> values);

    exchange::LocalTraining& training_;
    bool checks_;
    std::uint64_t steps_taken_ = 0;
};

}  // namespace lockstep
