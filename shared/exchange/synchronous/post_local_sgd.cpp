// Two phases: sync-average while parameters still change fast, local-sgd when they have settled.
//
// On 3 workers with a switch after 2 steps, H = 2, 5 steps in all: averages after steps 1, 2, 4 and 5 (the
// last).
//
// No deadlock and no staleness, as in local_sgd.cpp: all workers meet after the same steps.
#include "exchange/synchronous/post_local_sgd.hpp"

#include <algorithm>

#include "exchange/averaging.hpp"
#include "exchange/synchronous/local_sgd.hpp"

namespace lockstep::exchange {
namespace {

struct Phases {
    std::uint64_t steps;        ///< of each worker in the whole run
    std::uint64_t synchronous;  ///< steps of the first phase
    std::uint64_t period;       ///< of the second

    Phases(const scenario::Config& config, std::uint64_t steps_per_epoch, std::uint64_t all)
        : steps(all),
          synchronous(std::min<std::uint64_t>(config.synchronous_epochs * steps_per_epoch, all)),
          period(period_of(config, steps_per_epoch, all)) {}

    bool meet_after(std::uint64_t done) const {
        return done <= synchronous || (done - synchronous) % period == 0 || done == steps;
    }
    std::uint64_t meetings() const { return synchronous + (steps - synchronous + period - 1) / period; }
};

}  // namespace

void post_local_sgd(Participant& participant) {
    const Phases phases(participant.config, participant.training.steps_per_epoch(),
                        participant.training.steps());
    Averaging average(participant.config, participant.group(), participant.start.size());
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        const bool meets = phases.meet_after(steps);
        if (meets) average(w);
        return meets;
    });
}

std::optional<comm::Traffic> post_local_sgd_traffic(const scenario::Config& config, const Work& work) {
    const Phases phases(config, work.steps_per_epoch, work.steps);
    return averaging_traffic(config, config.workers, phases.meetings(), work.values);
}

}  // namespace lockstep::exchange
