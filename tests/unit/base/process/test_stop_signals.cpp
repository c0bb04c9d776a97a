#include <array>
#include <csignal>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

#include "base/process/stop_signals.hpp"
#include "tests/support/catch.hpp"

namespace {

using lockstep::base::StopSignals;

constexpr int went_on = 7;

/// How a process ends that does this and then ends with what it returns: that, or the number of the signal
/// that ended it, negative.
int end_of_process(const std::function<int()>& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        for (const int number : {SIGINT, SIGTERM, SIGUSR1}) std::signal(number, SIG_DFL);
        ::_exit(work());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void do_nothing(int /*signal*/) {}

}  // namespace

TEST_CASE("the first signal is noticed, and the next one ends the program") {
    const int first = GENERATE(SIGINT, SIGTERM, SIGUSR1);
    const int second = GENERATE(SIGINT, SIGTERM, SIGUSR1);
    CAPTURE(first, second);
    CHECK(end_of_process([&] {
              StopSignals signals;
              if (signals.asked()) return 1;
              std::raise(first);
              if (!signals.asked() || !signals.asked()) return 2;
              std::raise(second);
              return went_on;
          }) == -second);
}

TEST_CASE("the next signal ends the program also where nobody has asked in between") {
    const int second = GENERATE(SIGINT, SIGTERM, SIGUSR1);
    CHECK(end_of_process([&] {
              const StopSignals signals;
              std::raise(SIGTERM);
              std::raise(second);
              return went_on;
          }) == -second);
}

TEST_CASE("of two signals that come at one moment one ends the program") {
    CHECK(end_of_process([] {
              const StopSignals signals;
              sigset_t both;
              sigemptyset(&both);
              for (const int number : {SIGUSR1, SIGTERM}) sigaddset(&both, number);
              ::sigprocmask(SIG_BLOCK, &both, nullptr);
              std::raise(SIGUSR1);
              std::raise(SIGTERM);
              ::sigprocmask(SIG_UNBLOCK, &both, nullptr);
              return went_on;
          }) < 0);
}

TEST_CASE("ignored signals stay ignored") {
    CHECK(end_of_process([] {
              std::signal(SIGINT, SIG_IGN);
              StopSignals signals;
              std::raise(SIGINT);
              if (signals.asked()) return 1;
              std::raise(SIGTERM);
              if (!signals.asked()) return 2;
              std::raise(SIGINT);
              return went_on;
          }) == went_on);
}

TEST_CASE("afterwards signals do what they did before") {
    CHECK(end_of_process([] {
              std::signal(SIGUSR1, do_nothing);
              { const StopSignals signals; }
              std::raise(SIGUSR1);
              std::raise(SIGUSR1);
              std::raise(SIGTERM);
              return went_on;
          }) == -SIGTERM);
}

TEST_CASE("afterwards signals have their usual effect where one has come") {
    CHECK(end_of_process([] {
              std::signal(SIGUSR1, do_nothing);
              {
                  const StopSignals signals;
                  std::raise(SIGINT);
              }
              std::raise(SIGUSR1);
              return went_on;
          }) == -SIGUSR1);
}

TEST_CASE("a call that a noticed signal interrupts goes on") {
    CHECK(end_of_process([] {
              std::array<int, 2> ends{};
              if (::pipe(ends.data()) != 0) return 1;
              StopSignals signals;
              const pid_t parent = ::getpid();
              if (::fork() == 0) {
                  ::kill(parent, SIGTERM);
                  const bool is_told = ::write(ends[1], "x", 1) == 1;
                  ::_exit(is_told ? 0 : 1);
              }
              char letter = 0;
              const bool is_read = ::read(ends[0], &letter, 1) == 1;
              return is_read && signals.asked() ? went_on : 2;
          }) == went_on);
}
