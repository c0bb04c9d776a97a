#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "exchange/averaging.hpp"
#include "exchange/compressing.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// What `allreduce` steps by: the mean of the workers' gradients, or what `--compression` leaves of it. The
/// same bits on every worker.
///
/// * none: by the collective chosen.
/// * fp16, bf16: by the collective chosen, in 16 bits a value on the way; sums are of float32 values.
/// * none, in buckets: by a ring for each, while the gradient is computed (bucketed_sum.hpp).
/// * top-k, qsgd, sign: every worker gets the codes of all around a ring, decodes and sums them in the order
///   of workers. Of signs it takes the majority, 0 where there is none, in place of the mean.
/// * power-sgd: the means of both factors, by the collective chosen.
///
/// With one worker nothing is sent, but what would be sent is compressed all the same, so that one worker
/// shows what compression alone does.
class GradientMean {
  public:
    GradientMean() = default;
    GradientMean(const GradientMean&) = delete;
    GradientMean& operator=(const GradientMean&) = delete;
    GradientMean(GradientMean&&) = delete;
    GradientMean& operator=(GradientMean&&) = delete;
    virtual ~GradientMean() = default;

    /// Who wants to look on while `gradient` is computed, if anybody. Called before it is.
    virtual GradientWatcher* watch(std::span<float> /*gradient*/) { return nullptr; }

    /// Replaces this worker's gradient of step number `step`, whose learning rate is `rate`. Returns the rate
    /// at which to step by it: 1 where the learning rate is in it already (gradient_code.hpp). Collective
    /// over all workers.
    virtual float replace(std::uint64_t step, std::span<float> gradient, float rate) = 0;

    /// What it remembers from step to step.
    virtual std::array<std::span<float>, 2> memory() { return {}; }
};

/// How it is made.
struct MeanOptions {
    const Summing& summing;
    const Compressing& compressing;
    std::size_t buckets;  ///< 0: none
};

std::unique_ptr<GradientMean> make_gradient_mean(const MeanOptions& options, const Participant& participant);

/// Messages and bytes of `work.steps` rounds; nothing known where the MPI library decides.
std::optional<comm::Traffic> gradient_mean_traffic(const MeanOptions& options, const Work& work);

}  // namespace lockstep::exchange
