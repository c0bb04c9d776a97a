#include "study/launch/output_folder.hpp"

#include "study/launch/signal_events.hpp"

namespace lockstep::study {

HeldSignals::HeldSignals() {
    const sigset_t requests = requests_to_end();
    ::sigprocmask(SIG_BLOCK, &requests, &before_);
}

HeldSignals::~HeldSignals() {
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace lockstep::study
