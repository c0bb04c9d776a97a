// Local SGD whose mean gets a momentum: what all moved by since the last average counts again, a little less
// each time, in the averages to come.
//
// On 2 workers, alpha = 1, beta = 0.5, gamma = 1, H = 1, v = 10, each step subtracting 1 and 3:
//   step 1: w_i = 9, 7, mean 8: u = 0 + (10 - 8) = 2, v = 10 - 2 = 8
//   step 2: w_i = 7, 5, mean 6: u = 1 + (8 - 6) = 3, v = 8 - 3 = 5, one farther than the mean.
//
// u is in units of a gradient, so that a learning rate that decays does not shrink what it remembers.
//
// No deadlock and no staleness, as in local_sgd.cpp. u and v are the same on all workers, because all make
// them of the same bits.
#include "exchange/synchronous/slowmo.hpp"

#include <memory>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// u and v, and what the workers' mean does to them.
class SlowStep {
  public:
    static constexpr double flops = 6;  ///< a value

    SlowStep(const SlowMoOptions& options, std::span<const float> start)
        : rate_(static_cast<float>(options.slow_lr)),
          momentum_(static_cast<float>(options.slow_momentum)),
          v_(travelling_copy(start)),
          u_(backend::make_buffer(start.size())) {}

    base::FloatBuffer& v() { return v_; }
    base::FloatBuffer& u() { return u_; }

    /// `w`, which is the mean, becomes v; `gamma` is the learning rate.
    void operator()(std::span<float> w, float gamma) {
        backend::compute({flops * static_cast<double>(w.size()), backend::Kind::update}, [&] {
            base::scale(u_, momentum_);
            base::add_scaled_difference(u_, v_, w, 1 / gamma);
            base::descend(v_, u_, rate_ * gamma);
        });
        copy_values(w, v_);
    }

  private:
    float rate_;
    float momentum_;
    base::FloatBuffer v_;
    base::FloatBuffer u_;
};

}  // namespace

std::vector<option::Option<SlowMoOptions>> SlowMoOptions::options() {
    return {{"slow-lr", option::of(&SlowMoOptions::slow_lr, option::positive_real()),
             "Slow learning rate alpha of slowmo, by which the mean progress of the workers is multiplied."},
            {"slow-momentum", option::of(&SlowMoOptions::slow_momentum, option::proper_fraction()),
             "Slow momentum beta of slowmo; with 0, and alpha = 1, it is local-sgd."}};
}

void SlowMo::train(Participant& participant) const {
    const LocalTraining& training = participant.training;
    Averaging average(*this, participant.group(), participant.start.size());
    SlowStep slow(*this, takes_the_mean() ? std::span<const float>() : participant.start);
    const Kept keeps_v(participant.leg, "v", slow.v());
    const Kept keeps_u(participant.leg, "u", slow.u());
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (!meets_after(steps, training)) return false;
        average(w);
        if (!takes_the_mean()) slow(w, training.learning_rate(steps - 1));
        return true;
    });
}

std::vector<UpdateKernel> SlowMo::worker_updates(const Optimising& optimising, const Work& work) const {
    auto kernels = LocalStepsMethod::worker_updates(optimising, work);
    if (takes_the_mean()) return kernels;
    const auto begin = [this](std::span<const float> start) -> UpdateKernel::Action {
        const auto slow = std::make_shared<SlowStep>(*this, start);
        return [slow](std::span<float> mean) { (*slow)(mean, 1); };
    };
    kernels.push_back(
        {"slow momentum", meetings_a_step(work), SlowStep::flops * static_cast<double>(work.values), begin});
    return kernels;
}

}  // namespace lockstep::exchange
