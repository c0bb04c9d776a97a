// Plain mini-batch SGD on one rank: w -= rate * gradient(w; batch k) for k = 0, 1, 2 ... Nothing is sent,
// nothing is stale.
#include "exchange/synchronous/serial.hpp"

#include <string>

#include "base/error.hpp"

namespace lockstep::exchange {

void Serial::check(const Team& team) const {
    if (team.workers != 1)
        throw base::InputError("--workers", std::to_string(team.workers), "1 with --method serial",
                               "choose another --method for several workers");
}

void Serial::train(Participant& participant) const {
    base::FloatBuffer w = travelling_copy(participant.start);
    std::uint64_t step = 0;
    const Kept keeps_w(participant.leg, "w", w);
    const Kept keeps_step(participant.leg, "step", step);
    for (; participant.takes(step); ++step) {
        participant.training.step(step, w);
        participant.journal.applied({0, step, step, step});
        participant.journal.shared_parameters(step + 1, w);
        participant.journal.own_parameters(step, w);
    }
}

std::optional<comm::Traffic> Serial::traffic(const Work& /*work*/) const {
    return comm::Traffic{};
}

}  // namespace lockstep::exchange
