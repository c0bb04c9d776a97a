#include "base/process/program.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/process/handlers_stack.hpp"

namespace lockstep::base {
namespace {

/// Reading from them finds nothing, writing to them fails.
void occupy_closed_streams() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(number, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);  // takes the lowest number
}

int say(std::string_view name, const char* what, ExitStatus status) {
    print_message(fmt::format("{}: {}", name, what));
    return static_cast<int>(status);
}

/// Returns where SIGPIPE was ignored already.
void end_by_broken_pipe(const struct sigaction& before) {
    ::sigaction(SIGPIPE, &before, nullptr);
    std::raise(SIGPIPE);
}

}  // namespace

int run_program(std::string_view name, FunctionRef<int()> work) {
    occupy_closed_streams();
    const HandlersStack of_this_thread;
    struct sigaction ignored {};
    ignored.sa_handler = SIG_IGN;
    struct sigaction before {};
    ::sigaction(SIGPIPE, &ignored, &before);
    int status = 0;
    try {
        status = work();
    } catch (const BrokenPipe& error) {
        end_by_broken_pipe(before);
        status = say(name, error.what(), error.status());
    } catch (const Error& error) {
        status = say(name, error.what(), error.status());
    } catch (const std::bad_alloc&) {
        status = say(name, "out of memory: the system gives no more (ulimit -v; a container's limit)",
                     ExitStatus::environment);
    } catch (const std::exception& error) {
        status = say(name, error.what(), ExitStatus::environment);
    }
    const bool told_all = std::ferror(stderr) == 0;
    return status != 0 || told_all ? status : static_cast<int>(ExitStatus::environment);
}

void print_to_stderr(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
}

void print_message(std::string_view line) {
    print_to_stderr(one_line(line) + '\n');
}

}  // namespace lockstep::base
