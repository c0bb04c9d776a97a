#include "base/process/stop_signals.hpp"

#include <algorithm>

#include <unistd.h>

namespace lockstep::base {
namespace {

/// That they have their usual effect again tells that one came. Of two that come at one moment, to different
/// threads, each finds the other gone, and ends the program.
void notice(int came) {
    bool is_second = false;
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
        struct sigaction now {};
        if (signal == came || ::sigaction(signal, nullptr, &now) != 0) continue;
        is_second = is_second || now.sa_handler == SIG_DFL;
        if (now.sa_handler != notice) continue;
        now.sa_handler = SIG_DFL;
        ::sigaction(signal, &now, nullptr);
    }
    if (is_second) ::kill(::getpid(), came);
}

bool has_come(int signal) {
    struct sigaction now {};
    return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_DFL;
}

}  // namespace

StopSignals::StopSignals() : signals_{{{SIGINT}, {SIGTERM}, {SIGUSR1}}} {
    struct sigaction notice_once {};
    notice_once.sa_handler = notice;
    notice_once.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART | SA_ONSTACK);
    // One that comes with the first is to find its usual effect.
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&notice_once.sa_mask, signal);
    for (Watched& signal : signals_) {
        ::sigaction(signal.number, nullptr, &signal.before);
        signal.is_ours = signal.before.sa_handler != SIG_IGN;
        if (signal.is_ours) ::sigaction(signal.number, &notice_once, nullptr);
    }
}

StopSignals::~StopSignals() {
    if (asked()) return;
    for (const Watched& signal : signals_)
        if (signal.is_ours) ::sigaction(signal.number, &signal.before, nullptr);
}

bool StopSignals::asked() {
    asked_ = asked_ || std::ranges::any_of(signals_, [](const Watched& signal) {
                 return signal.is_ours && has_come(signal.number);
             });
    return asked_;
}

}  // namespace lockstep::base
