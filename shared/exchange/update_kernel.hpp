#pragma once

#include <functional>
#include <span>
#include <string>

namespace lockstep::exchange {

/// Something that a run's optimisers or update rules do to whole vectors again and again, for who wants to
/// time it: by the arithmetic that the run itself calls, charged as there (backend::Kind::update).
struct UpdateKernel {
    /// Does it once, with a gradient or parameters that came from elsewhere, which it may change.
    using Action = std::function<void(std::span<float> values)>;

    std::string name;  ///< kernels of one name differ in their numbers of values alone
    double a_step;     ///< how often its rank does it for each step that a worker takes
    double flops;      ///< charged each time
    /// On vectors of its own, which are as long as `start` and begin there, where parameters do.
    std::function<Action(std::span<const float> start)> make;
};

}  // namespace lockstep::exchange
