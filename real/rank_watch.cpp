#include "real/rank_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include <fmt/format.h>

namespace lockstep::real {
namespace {

// A process is a rank here, and its signals are its own.
volatile std::sig_atomic_t is_asked_to_end = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void note(int /*signal*/) {
    is_asked_to_end = 1;
}

bool is_gone(pid_t process) {
    return process != 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

RankWatch::RankWatch()
    : neighbours_(neighbours()), sees_all_(std::ranges::count(neighbours_.processes, pid_t{0}) == 0) {
    is_asked_to_end = 0;
    ::sigaction(SIGTERM, nullptr, &before_);
    if (before_.sa_handler == SIG_IGN) return;
    struct sigaction note_once {};
    note_once.sa_handler = note;
    note_once.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGTERM, &note_once, nullptr);
}

RankWatch::~RankWatch() {
    ::sigaction(SIGTERM, &before_, nullptr);
    if (is_asked_to_end != 0) std::raise(SIGTERM);
}

void RankWatch::look(double now_s) {
    constexpr double between_s = 0.01;
    if (now_s < look_at_s_) return;
    look_at_s_ = now_s + between_s;
    const bool is_asked = is_asked_to_end != 0;
    if (const std::string names = gone(); !names.empty()) throw RanksLost(names);
    if (!is_asked) return;
    if (!sees_all_)
        throw RanksLost(
            "its launcher has ended the ranks, as where one of them, on another machine, is gone");
    std::raise(SIGTERM);  // nobody is gone: it is a request like any other
}

/// `rank 1 on node7 has ended`.
std::string RankWatch::gone() const {
    constexpr std::size_t most_named = 4;
    std::string names;
    std::size_t count = 0;
    for (std::size_t rank = 0; rank < neighbours_.processes.size(); ++rank) {
        if (!is_gone(neighbours_.processes[rank]) || count++ >= most_named) continue;
        names += fmt::format("{}rank {} on {}", names.empty() ? "" : ", ", rank, neighbours_.hosts[rank]);
    }
    if (count == 0) return {};
    return names + (count > most_named ? ", ... have ended" : count > 1 ? " have ended" : " has ended");
}

void wait_for_the_end() {
    constexpr timespec patience{3, 0};  // two signals of mpirun come a second apart each
    ::nanosleep(&patience, nullptr);
}

}  // namespace lockstep::real
