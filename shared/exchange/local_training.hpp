#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/block.hpp"
#include "exchange/optimiser.hpp"

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
    /// What an option counts in epochs. Unless overridden: the whole run is one.
    virtual std::uint64_t steps_per_epoch() const { return steps(); }

    /// Of step number `step` (from 0), known to servers as well.
    virtual float learning_rate(std::uint64_t step) const = 0;

    /// What `step` does with a gradient, and methods that apply gradients themselves.
    virtual Optimising optimising() const { return {}; }

    /// What `step` remembers from one call to the next.
    virtual std::span<float> memory() { return {}; }

    /// The matrices and vectors that the flat vector consists of, in its order.
    virtual std::span<const base::Block> blocks() const = 0;

    /// One step of this worker's own optimiser on its batch number `step`, charged to this rank's processor.
    /// With plain SGD: w -= learning_rate(step) * gradient at w.
    virtual void step(std::uint64_t step, std::span<float> w) = 0;

    /// The gradient at `w` of this worker's batch number `step`, charged. `step` is this, and then the
    /// optimiser.
    virtual void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) = 0;

    /// The same from the end of the vector to its beginning, as backpropagation goes. `gradient` need not be
    /// known all at once: the watcher is told what is. Unless overridden: all of it, in the end.
    virtual void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                          GradientWatcher& watcher) {
        this->gradient(step, w, gradient);
        watcher.known_from(0);
    }
};

}  // namespace lockstep::exchange
