#include "base/process/signals_wait.hpp"

namespace lockstep::base {

SignalsWait::SignalsWait() {
    sigset_t signals;
    sigfillset(&signals);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
        sigdelset(&signals, own);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
}

SignalsWait::SignalsWait(std::initializer_list<int> signals) {
    sigset_t named;
    sigemptyset(&named);
    for (const int signal : signals) sigaddset(&named, signal);
    ::pthread_sigmask(SIG_BLOCK, &named, &before_);
}

SignalsWait::~SignalsWait() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace lockstep::base
