#include "study/launch/signal_events.hpp"

#include <sys/signalfd.h>

namespace lockstep::study {
namespace {

bool is_ignored(int number) {
    struct sigaction action {};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

sigset_t requests_to_end() {
    sigset_t requests;
    sigemptyset(&requests);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        if (!is_ignored(number)) sigaddset(&requests, number);
    return requests;
}

SignalEvents::SignalEvents(Warning warning) {
    sigset_t events = requests_to_end();
    if (warning == Warning::first)
        for (const int number : {SIGUSR1, SIGTSTP})
            if (!is_ignored(number)) sigaddset(&events, number);
    sigaddset(&events, SIGCHLD);
    std::signal(SIGCHLD, SIG_DFL);  // where it is ignored, children cannot be waited for
    descriptor_ = base::Descriptor(::signalfd(-1, &events, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!descriptor_.is_open()) base::fail_call("signalfd");
    if (::sigprocmask(SIG_BLOCK, &events, &before_) != 0) base::fail_call("sigprocmask");
    of_children_ = before_;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigdelset(&of_children_, number);
}

SignalEvents::~SignalEvents() {
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<SignalEvent> SignalEvents::next() {
    signalfd_siginfo info{};
    if (::read(descriptor_.number(), &info, sizeof info) != sizeof info) return std::nullopt;
    return SignalEvent{static_cast<int>(info.ssi_signo), info.ssi_code > 0};
}

}  // namespace lockstep::study
