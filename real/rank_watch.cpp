#include "real/rank_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <span>

#include <fmt/format.h>
#include <unistd.h>

namespace lockstep::real {
namespace {

bool is_gone(pid_t process) {
    return process != 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

// A process is a rank here, and its signals are its own.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t is_asked_to_end = 0;
volatile std::sig_atomic_t were_all_there = 0;  // when it was asked
std::span<const pid_t> watched;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// Who signals all ranks ends the others, which may be gone when this one comes to look: so it looks at once.
/// A rank that does not come to look ends by itself.
void note(int /*signal*/) {
    constexpr unsigned patience_s = 10;
    const int before = errno;
    were_all_there = std::ranges::none_of(watched, is_gone) ? 1 : 0;
    is_asked_to_end = 1;
    ::alarm(patience_s);
    errno = before;
}

}  // namespace

RankWatch::RankWatch()
    : neighbours_(neighbours()), sees_all_(std::ranges::count(neighbours_.processes, pid_t{0}) == 0) {
    is_asked_to_end = 0;
    watched = neighbours_.processes;
    ::sigaction(SIGTERM, nullptr, &before_);
    if (before_.sa_handler == SIG_IGN) return;
    struct sigaction note_once {};
    note_once.sa_handler = note;
    note_once.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART | SA_ONSTACK);
    ::sigaction(SIGTERM, &note_once, nullptr);
}

RankWatch::~RankWatch() {
    if (is_asked_to_end != 0) end_as_asked();
    ::sigaction(SIGTERM, &before_, nullptr);
    watched = {};
}

void RankWatch::end_as_asked() const {
    ::sigaction(SIGTERM, &before_, nullptr);
    std::raise(SIGTERM);
    ::alarm(0);  // it has been ignored
}

void RankWatch::look(double now_s) {
    constexpr double between_s = 0.01;
    if (now_s < look_at_s_) return;
    look_at_s_ = now_s + between_s;
    const bool is_asked = is_asked_to_end != 0;
    if (is_asked && sees_all_ && were_all_there != 0) end_as_asked();
    if (const std::string names = gone(); !names.empty()) throw RanksLost(names);
    if (!is_asked) return;
    if (!sees_all_)
        throw RanksLost(
            "its launcher has ended the ranks, as where one of them, on another machine, is gone");
    end_as_asked();  // nobody is gone: it is a request like any other
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
