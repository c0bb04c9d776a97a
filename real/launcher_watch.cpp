#include "real/launcher_watch.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include <sys/prctl.h>
#include <unistd.h>

namespace lockstep::real {
namespace {

// A process is a rank here, and its signals are its own.
volatile pid_t launcher = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// The system tells also when only the thread of the launcher has ended that had started us.
void look_for_launcher(int /*signal*/) {
    if (::getppid() != launcher) ::kill(::getpid(), SIGKILL);
}

/// By variables that launchers of ranks give to what they start.
bool has_launcher() {
    constexpr std::array variables{"OMPI_COMM_WORLD_RANK", "PMIX_RANK",   "PMI_RANK",
                                   "MV2_COMM_WORLD_RANK",  "PALS_RANKID", "MPI_LOCALRANKID"};
    return std::ranges::any_of(variables, [](const char* name) { return std::getenv(name) != nullptr; });
}

}  // namespace

void end_with_launcher() {
    if (!has_launcher()) return;
    launcher = ::getppid();
    struct sigaction look {};
    look.sa_handler = look_for_launcher;
    look.sa_flags = static_cast<int>(SA_RESTART | SA_ONSTACK);
    ::sigaction(SIGURG, &look, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGURG);
    look_for_launcher(SIGURG);  // it may just have gone
}

}  // namespace lockstep::real
