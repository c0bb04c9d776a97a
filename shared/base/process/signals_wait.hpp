#pragma once

#include <csignal>
#include <initializer_list>

namespace lockstep::base {

/// While it lives, signals wait that would be handled in this thread: those named, or all but what this
/// thread may cause itself (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS). Costs two calls of
/// the system.
class SignalsWait {
  public:
    SignalsWait();
    SignalsWait(std::initializer_list<int> signals);
    ~SignalsWait();
    SignalsWait(const SignalsWait&) = delete;
    SignalsWait& operator=(const SignalsWait&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace lockstep::base
