// Two phases: sync-average while parameters still change fast, local-sgd when they have settled.
//
// On 3 workers with a switch after 2 steps, H = 2, 5 steps in all: averages after steps 1, 2, 4 and 5 (the
// last).
//
// No deadlock and no staleness, as in local_sgd.cpp: all workers meet after the same steps.
#include "exchange/synchronous/post_local_sgd.hpp"

#include <algorithm>

#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

struct Phases {
    std::uint64_t steps;        ///< of each worker in the whole run
    std::uint64_t synchronous;  ///< steps of the first phase
    std::uint64_t period;       ///< of the second

    Phases(const PostLocalSgd& method, std::uint64_t steps_per_epoch, std::uint64_t all)
        : steps(all),
          synchronous(std::min<std::uint64_t>(method.synchronous_epochs * steps_per_epoch, all)),
          period(method.period.in_steps(steps_per_epoch, all)) {}

    bool meet_after(std::uint64_t done) const {
        return done <= synchronous || (done - synchronous) % period == 0 || done == steps;
    }
    std::uint64_t meetings() const { return synchronous + (steps - synchronous + period - 1) / period; }
};

}  // namespace

std::vector<option::Option<PostLocalSgdOptions>> PostLocalSgdOptions::options() {
    return {{"synchronous-epochs",
             option::of(&PostLocalSgdOptions::synchronous_epochs, option::whole(option::any_count)),
             "Epochs at the start in which post-local-sgd averages every step."}};
}

void PostLocalSgd::train(Participant& participant) const {
    const Phases phases(*this, participant.training.steps_per_epoch(), participant.training.steps());
    Averaging average(*this, participant.group(), participant.start.size());
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        const bool meets = phases.meet_after(steps);
        if (meets) average(w);
        return meets;
    });
}

std::vector<UpdateKernel> PostLocalSgd::worker_updates(const Optimising& optimising, const Work& work) const {
    const Phases phases(*this, work.steps_per_epoch, work.steps);
    return with_mean(Method::optimiser_updates(optimising, work), work.workers, work.values,
                     static_cast<double>(phases.meetings()) / static_cast<double>(work.steps));
}

std::optional<comm::Traffic> PostLocalSgd::traffic(const Work& work) const {
    const Phases phases(*this, work.steps_per_epoch, work.steps);
    return Summing::traffic(work.workers, phases.meetings(), work.values);
}

}  // namespace lockstep::exchange
