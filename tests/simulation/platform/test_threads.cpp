// Threads: what comes to them, and where the system gives fewer than are asked for, or none.
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sim/arithmetic_pool.hpp"
#include "sim/trace_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_threads {

using namespace lockstep;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t wanted = 32;
constexpr std::size_t stack_B = std::size_t{64} << 20U;

/// Of threads that will be started in this process.
void set_stacks(std::size_t bytes) {
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0 || ::pthread_attr_setstacksize(&attributes, bytes) != 0 ||
        ::pthread_setattr_default_np(&attributes) != 0)
        throw std::runtime_error("the size of stacks cannot be set");
    ::pthread_attr_destroy(&attributes);
}

void allow_a_few_threads() {
    set_stacks(stack_B);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::size_t used_B = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = used_B + 4 * stack_B;
    if (::setrlimit(RLIMIT_AS, &limit) != 0) throw std::runtime_error("memory cannot be limited");
}

void allow_no_thread() {
    set_stacks(std::size_t{1} << 47U);  // more than there are addresses
}

std::ptrdiff_t entries(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

struct Work {
    std::ptrdiff_t threads;  ///< that were started for it
    std::string values;
};

Work work_of(std::size_t threads) {
    const std::ptrdiff_t before = entries("/proc/self/task");
    sim::ArithmeticPool pool(threads);
    const std::ptrdiff_t started = entries("/proc/self/task") - before;
    std::vector<double> values(200);
    std::vector<std::function<void()>> works;
    for (std::size_t i = 0; i < values.size(); ++i)
        works.emplace_back([&values, i] {
            for (int k = 1; k <= 10'000; ++k) values[i] += 1.0 / (static_cast<double>(i) + k);
        });
    std::deque<sim::ArithmeticPool::Piece> pieces;
    for (const auto& work : works) pieces.emplace_back(pool, work);
    for (auto& piece : pieces) piece.finish();
    return {started, fmt::format("{}", fmt::join(values, " "))};
}

std::string values_of(std::size_t threads) {
    return support::run_in_child([=] { return work_of(threads).values; }).value;
}

/// What is made of it by more than `least - 1` threads and fewer than are wanted.
std::string values_where(void (*limit)(), std::ptrdiff_t least) {
    const auto action = [=] {
        limit();
        const Work work = work_of(wanted);
        if (work.threads < least || work.threads >= static_cast<std::ptrdiff_t>(wanted))
            throw std::runtime_error(fmt::format("{} threads were started", work.threads));
        return work.values;
    };
    return support::run_in_child(action).value;
}

}  // namespace

TEST_CASE("fewer threads than were asked for do the same arithmetic, and end") {
    const std::string expected = values_of(0);
    CHECK(values_of(3) == expected);
    CHECK(values_where(allow_a_few_threads, 1) == expected);
    CHECK(values_where(allow_no_thread, 0) == expected);
}

TEST_CASE("a trace without a thread that writes it is an error that names it, and leaves nothing") {
    const support::TemporaryFolder folder;
    const std::string file = (folder.path / "run.paje").string();
    const auto action = [&]() -> std::string {
        allow_no_thread();
        const std::ptrdiff_t before = entries("/proc/self/fd");
        try {
            const sim::TraceFile trace(file);
        } catch (const base::EnvironmentError& error) {
            return fmt::format("{}; {} more are open", error.what(), entries("/proc/self/fd") - before);
        }
        return "it was made";
    };
    CHECK(support::run_in_child(action).value ==
          file + ": no thread to write it: Resource temporarily unavailable; 0 more are open");
    CHECK(entries(folder.path) == 0);
}

/// Their products use the stack pointer for something else, and they have no other stack for handlers.
TEST_CASE("signals do not come to threads of arithmetic, but for faults") {
    const std::string signals = support::run_in_child([] {
                                    sim::ArithmeticPool pool(1);
                                    std::atomic<bool> is_known = false;
                                    std::string waiting;
                                    const auto note = [&] {
                                        sigset_t mask;
                                        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
                                        for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGURG, SIGSEGV})
                                            waiting += sigismember(&mask, number) == 1 ? 'w' : '-';
                                        is_known = true;
                                    };
                                    sim::ArithmeticPool::Piece piece(pool, note);
                                    while (!is_known)
                                        std::this_thread::yield();  // finish() would do it itself
                                    piece.finish();
                                    return waiting;
                                }).value;
    CHECK(signals == "wwww-");
}

}  // namespace test_threads
