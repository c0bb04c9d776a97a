#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/serving.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace lockstep::base;
using Catch::Matchers::ContainsSubstring;

constexpr int count_from = 7;

/// What the served program does: tells its words, and ends with what `prepare` left and the words it got.
[[noreturn]] void run(const Words& words, int prepared) {
    for (const std::string& word : words) {
        const std::string shown = '<' + word + '>';
        (void)!::write(STDOUT_FILENO, shown.data(), shown.size());
    }
    (void)!::write(STDERR_FILENO, "done", 4);
    sigset_t blocked;
    ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
    const bool can_be_ended = ::sigismember(&blocked, SIGINT) == 0 && ::sigismember(&blocked, SIGTERM) == 0;
    std::array<char, 1> nothing{};
    ::_exit(can_be_ended && ::read(STDIN_FILENO, nothing.data(), 1) == 0 ? count_from + prepared : 1);
}

/// A server, which ends with it, started as it should be.
class Server {
  public:
    /// It may have that many descriptors.
    explicit Server(rlim_t descriptors = RLIM_INFINITY) {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        socket_ = Descriptor(ends[0]);
        const Descriptor its(ends[1]);
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::dup2(its.number(), STDIN_FILENO);
        socket_ = Descriptor();
        sigset_t mask;
        ::sigprocmask(SIG_BLOCK, nullptr, &mask);
        mask = serving_mask(mask);
        ::sigprocmask(SIG_SETMASK, &mask, nullptr);
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = std::min(limit.rlim_cur, descriptors);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::_exit(serve_all());
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() {
        if (pid_ > 0) end();
    }

    /// Returns how it ended.
    int end() {
        socket_ = Descriptor();
        int status = 0;
        ::waitpid(std::exchange(pid_, 0), &status, 0);
        return status;
    }
    void kill() const { ::kill(pid_, SIGKILL); }
    int socket() const { return socket_.number(); }

  private:
    static int serve_all() {
        int prepared = 0;
        const auto words = serve([&](const Words&) { ++prepared; });
        if (words) run(*words, prepared);
        return 0;
    }

    Descriptor socket_;
    pid_t pid_ = 0;
};

struct Ended {
    int status = -1;
    std::string output;
    std::string errors;
};

std::string content(int source) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(source, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(got));
    return text;
}

Ended run_served(const Server& server, const Words& words) {
    std::array<int, 2> output{};
    std::array<int, 2> errors{};
    REQUIRE(::pipe2(output.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(errors.data(), O_CLOEXEC) == 0);
    const auto child = ask_server(server.socket(), words, {output[1], errors[1]});
    REQUIRE(child);
    ::close(output[1]);
    ::close(errors[1]);
    Ended ended;
    ended.output = content(output[0]);
    ended.errors = content(errors[0]);
    ::close(output[0]);
    ::close(errors[0]);
    int status = 0;
    REQUIRE(::waitpid(*child, &status, 0) == *child);  // it is ours
    if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
    return ended;
}

}  // namespace

TEST_CASE("a served run gets its words, an empty stdin, its streams, and what was prepared for it") {
    const Server server;
    const Ended first = run_served(server, {"--data=a b", "", "c\nd"});
    CHECK(first.output == "<--data=a b><><c\nd>");
    CHECK(first.errors == "done");
    CHECK(first.status == count_from + 1);
    const Ended second = run_served(server, {});
    CHECK(second.output.empty());
    CHECK(second.status == count_from + 2);
}

TEST_CASE("words of a served run may be longer than a socket's buffer") {
    const Server server;
    const std::string longest(3'000'000, 'x');
    const bool is_whole = run_served(server, {longest, "end"}).output == '<' + longest + "><end>";
    CHECK(is_whole);  // too long to be shown
}

TEST_CASE("a server ends when nobody can ask any more") {
    Server server;
    CHECK(run_served(server, {}).status == count_from + 1);
    CHECK(server.end() == 0);
}

TEST_CASE("who asks a server that is gone is told so, not ended") {
    const Server server;
    server.kill();
    std::array<int, 2> streams{STDOUT_FILENO, STDERR_FILENO};
    CHECK_FALSE(ask_server(server.socket(), Words{"run"}, streams));
    CHECK_FALSE(ask_server(server.socket(), Words{"run"}, streams));
}

TEST_CASE("a server without room for a run's streams says so, and serves on") {
    const rlim_t spare = GENERATE(0U, 1U);
    const Server server(STDERR_FILENO + 1 + spare);
    for (int times = 0; times < 3; ++times)
        CHECK_THROWS_WITH(ask_server(server.socket(), Words{"run"}, {STDOUT_FILENO, STDERR_FILENO}),
                          ContainsSubstring("open files"));
}

TEST_CASE("what is not asked over a socket is refused") {
    const int before = ::dup(STDIN_FILENO);
    const Descriptor empty(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ::dup2(empty.number(), STDIN_FILENO);
    CHECK_THROWS_AS(serve([](const Words&) {}), InputError);
    ::dup2(before, STDIN_FILENO);
    ::close(before);
}
