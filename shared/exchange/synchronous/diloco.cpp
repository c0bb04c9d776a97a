// Local SGD whose mean is not taken as it is: the way from v to the mean is handed to an outer optimiser.
//
// On 3 workers, v = 12, after H steps w_i = 10, 8, 6: the mean is 8, Delta = 12 - 8 = 4. Outer SGD with
// learning rate 0.5: v = 12 - 0.5 * 4 = 10 on all of them, from which all go on.
//
// Delta is computed from the mean of the w_i, which needs one allreduce and no sum of differences; with outer
// SGD of learning rate 1 v is that mean, in exact arithmetic.
//
// With an outer Nesterov the workers set out from the look-ahead point: there its gradient belongs.
//
// No deadlock and no staleness, as in local_sgd.cpp. The outer optimiser's velocity is the same on all
// workers, because they feed it the same bits.
#include "exchange/synchronous/diloco.hpp"

#include <memory>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// v, and what the workers' mean does to it.
class OuterStep {
  public:
    static constexpr double delta_flops = 1;  ///< a value, besides the outer optimiser's

    OuterStep(const DilocoOptions& options, std::span<const float> start)
        : optimiser_(options.outer_optimiser->make(options.outer_momentum, start.size())),
          rate_(static_cast<float>(options.outer_lr)),
          v_(travelling_copy(start)),
          delta_(backend::make_buffer(start.size())),
          set_out_(v_.span()) {}

    base::FloatBuffer& v() { return v_; }
    Optimiser& optimiser() { return *optimiser_; }

    /// Workers set out from where the optimiser wants its next gradient.
    void look_ahead() { set_out_ = optimiser_->look_ahead(v_); }

    /// `w`, which is the mean of what they have come to, becomes where they go on from.
    void operator()(std::span<float> w) {
        backend::compute({delta_flops * static_cast<double>(w.size()), backend::Kind::update}, [&] {
            base::copy(delta_, set_out_);
            base::add_scaled(delta_, w, -1.0F);
        });
        optimiser_->apply(v_, delta_, rate_);
        look_ahead();
        copy_values(w, set_out_);
    }

  private:
    std::unique_ptr<Optimiser> optimiser_;
    float rate_;
    base::FloatBuffer v_;
    base::FloatBuffer delta_;
    std::span<const float> set_out_;  ///< where all workers' local steps started
};

}  // namespace

std::vector<option::Option<DilocoOptions>> DilocoOptions::options() {
    return {
        {"outer-optimiser", option::choice(&DilocoOptions::outer_optimiser),
         "What diloco does with the workers' mean progress, as if it were a gradient."},
        {"outer-lr", option::of(&DilocoOptions::outer_lr, option::positive_real()), "Learning rate of that."},
        {"outer-momentum", option::of(&DilocoOptions::outer_momentum, option::proper_fraction()),
         "Momentum of that.", "with --outer-optimiser momentum or nesterov",
         [](const DilocoOptions& chosen) { return chosen.outer_optimiser->has_momentum; }}};
}

void Diloco::train(Participant& participant) const {
    Averaging average(*this, participant.group(), participant.start.size());
    OuterStep outer(*this, participant.start);
    const Kept keeps_v(participant.leg, "v", outer.v());
    const Kept keeps_outer(participant.leg, "outer optimiser", outer.optimiser());
    if (participant.leg != nullptr && participant.leg->is_continued()) outer.look_ahead();
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (!meets_after(steps, participant.training)) return false;
        average(w);
        outer(w);
        return true;
    });
}

std::vector<UpdateKernel> Diloco::worker_updates(const Optimising& optimising, const Work& work) const {
    auto kernels = LocalStepsMethod::worker_updates(optimising, work);
    const double flops = (OuterStep::delta_flops + outer_optimiser->flops) * static_cast<double>(work.values);
    const auto begin = [this](std::span<const float> start) -> UpdateKernel::Action {
        const auto outer = std::make_shared<OuterStep>(*this, start);
        return [outer](std::span<float> mean) { (*outer)(mean); };
    };
    kernels.push_back({fmt::format("outer {}", outer_optimiser.name()), meetings_a_step(work), flops, begin});
    return kernels;
}

}  // namespace lockstep::exchange
