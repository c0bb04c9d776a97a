#pragma once

#include <array>
#include <csignal>

namespace lockstep::base {

/// While it lives, the first of SIGINT, SIGTERM and SIGUSR1 does nothing but to be noticed: asked() tells.
/// The next one, of any kind, has its usual effect, so it ends the program at once. Signals that are ignored
/// (nohup) stay ignored. One at a time; nobody else may change what these signals do meanwhile.
class StopSignals {
  public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    /// Puts back what the signals did before, or, where one of them has come, their usual effect.
    ~StopSignals();

    /// Whether one of them has come. Cost: three system calls until it has.
    bool asked();

  private:
    struct Watched {
        int number = 0;
        bool is_ours = false;  ///< it was not ignored
        struct sigaction before {};
    };

    std::array<Watched, 3> signals_;
    bool asked_ = false;
};

}  // namespace lockstep::base
