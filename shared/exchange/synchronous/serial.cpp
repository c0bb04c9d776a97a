// Plain mini-batch SGD on one rank: w -= rate * gradient(w; batch k) for k = 0, 1, 2 ... Nothing is sent,
// nothing is stale.
#include "exchange/synchronous/serial.hpp"

namespace lockstep::exchange {

void serial(Participant& participant) {
    base::FloatBuffer w = travelling_copy(participant.start);
    for (std::uint64_t step = 0; step < participant.training.steps(); ++step) {
        participant.training.step(step, w);
        participant.journal.applied({0, step, step, step});
        participant.journal.shared_parameters(step + 1, w);
        participant.journal.own_parameters(step, w);
    }
}

std::optional<comm::Traffic> serial_traffic(const scenario::Config& /*config*/, const Work& /*work*/) {
    return comm::Traffic{};
}

}  // namespace lockstep::exchange
