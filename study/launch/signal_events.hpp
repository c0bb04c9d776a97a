#pragma once

#include <csignal>
#include <optional>

#include "base/process/descriptor.hpp"

namespace lockstep::study {

struct SignalEvent {
    int signal;
    bool from_terminal;  ///< or the kernel: every process of the terminal's foreground gets it, not only we
};

/// SIGINT, SIGTERM and SIGHUP, but those that are ignored (nohup).
sigset_t requests_to_end();

/// Whether children are warned before they are ended (ChildCommand::warning_signal).
enum class Warning { none, first };

/// While it lives, the end of a child (SIGCHLD) and the signals that ask us to end (SIGINT, SIGTERM, SIGHUP)
/// are events to read instead of interruptions. Where children are warned, so are SIGUSR1, which asks too,
/// and SIGTSTP, a terminal's Ctrl-Z, which would not reach them. Ignored ones (nohup) stay ignored. One at a
/// time.
class SignalEvents {
  public:
    explicit SignalEvents(Warning warning);
    SignalEvents(const SignalEvents&) = delete;
    SignalEvents& operator=(const SignalEvents&) = delete;
    ~SignalEvents();

    /// Readable when there is an event.
    int descriptor() const { return descriptor_.number(); }
    /// The signals that were blocked before, for children, who are to hear of requests to end.
    const sigset_t& mask_of_children() const { return of_children_; }
    /// Nothing where there is no event at the moment.
    std::optional<SignalEvent> next();

  private:
    sigset_t before_{};
    sigset_t of_children_{};
    base::Descriptor descriptor_;
};

}  // namespace lockstep::study
