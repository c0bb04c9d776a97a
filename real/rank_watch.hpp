#pragma once

#include <csignal>
#include <cstddef>
#include <string>

#include "base/error.hpp"
#include "real/neighbours.hpp"

namespace lockstep::real {

/// Ranks are gone, without whom the run cannot go on. Whoever has started the ranks knows as well, and is
/// about to end the others.
class RanksLost : public base::EnvironmentError {
  public:
    using EnvironmentError::EnvironmentError;
};

/// Whether the other ranks are still there, as far as one can see from here: of those of this machine whether
/// their processes are; of others by SIGTERM alone, which launchers send to all once one is gone. While it
/// lives, the first SIGTERM does nothing but to be noticed, and to end a rank that has not come to look
/// within ten seconds. One at a time.
class RankWatch {
  public:
    RankWatch();
    RankWatch(const RankWatch&) = delete;
    RankWatch& operator=(const RankWatch&) = delete;
    /// A SIGTERM that was noticed has its usual effect now.
    ~RankWatch();

    /// Where the last look was ten milliseconds ago or more: throws RanksLost, naming those that are gone, if
    /// any is. A SIGTERM that came for another reason has its usual effect here. Cost: a comparison, and a
    /// system call for each rank of this machine a hundred times a second.
    void look(double now_s);

  private:
    std::string gone() const;
    void end_as_asked() const;

    Neighbours neighbours_;
    bool sees_all_;
    double look_at_s_ = 0;
    struct sigaction before_ {};
};

/// Waits, for some seconds at most, until whoever has started this rank ends it.
void wait_for_the_end();

}  // namespace lockstep::real
