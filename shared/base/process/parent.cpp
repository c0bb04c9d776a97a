#include "base/process/parent.hpp"

#include <sys/prctl.h>
#include <unistd.h>

namespace lockstep::base {

void end_with_parent(pid_t parent, int signal) {
    ::prctl(PR_SET_PDEATHSIG, signal);
    if (::getppid() != parent) std::raise(signal);
}

}  // namespace lockstep::base
