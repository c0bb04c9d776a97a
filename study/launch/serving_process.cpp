#include "study/launch/serving_process.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <span>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/serving.hpp"
#include "study/launch/launcher_errors.hpp"

namespace lockstep::study {
namespace {

std::string how_it_ended(int status) {
    if (!WIFSIGNALED(status)) return fmt::format("with status {}", WEXITSTATUS(status));
    return fmt::format("by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
}

std::string reason_in(int source) {
    LauncherErrors errors;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(source, part.data(), part.size())) > 0;)
        errors.add({part.data(), static_cast<std::size_t>(got)});
    errors.finish();
    return errors.reason();
}

}  // namespace

ServingProcess::~ServingProcess() {
    if (pid_ == 0) return;
    socket_ = base::Descriptor();
    ::waitpid(pid_, nullptr, 0);
}

void ServingProcess::start_server(const sigset_t& mask) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) base::fail_call("socketpair");
    base::Descriptor ours(ends[0]);
    const base::Descriptor its(ends[1]);
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) base::fail_call("pipe2");
    base::Descriptor source(ends[0]);
    const base::Descriptor its_errors(ends[1]);
    pid_ = spawn({{program_, std::string(base::serve_word)}, {}},
                 {{its.number(), its_errors.number(), its_errors.number()}}, base::serving_mask(mask));
    socket_ = std::move(ours);
    errors_ = std::move(source);
}

void ServingProcess::fail() {
    socket_ = base::Descriptor();  // where it is still there, it ends now
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    const std::string reason = reason_in(errors_.number());
    throw base::EnvironmentError(fmt::format("{}, which starts the runs, ended {}{}{}",
                                             std::filesystem::path(program_).filename().string(),
                                             how_it_ended(status), reason.empty() ? "" : ": ", reason));
}

pid_t ServingProcess::start(const ChildCommand& command, int output, int errors, const sigset_t& mask) {
    if (pid_ == 0) start_server(mask);
    const auto words = std::span(command.words).subspan(1);
    try {
        if (const auto child = base::ask_server(socket_.number(), words, {output, errors})) return *child;
    } catch (const base::EnvironmentError&) {  // a system that knows no such fork
        return spawn(command, {{std::nullopt, output, errors}}, mask);
    }
    fail();
}

}  // namespace lockstep::study
