#include "tests/support/child_process.hpp"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/products.hpp"

namespace lockstep::support {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File temporary_file() {
    File file(std::tmpfile(), &std::fclose);
    if (!file) throw std::runtime_error("tmpfile failed");
    return file;
}

std::string content(std::FILE* file) {
    std::string text;
    std::rewind(file);
    for (int letter = 0; (letter = std::fgetc(file)) != EOF;) text += static_cast<char>(letter);
    return text;
}

/// The parent's test framework catches signals to report them as its own; the child's death must speak for
/// itself.
void restore_default_signals() {
    for (const int signal : {SIGABRT, SIGFPE, SIGILL, SIGINT, SIGSEGV, SIGTERM}) std::signal(signal, SIG_DFL);
}

[[noreturn]] void run_and_exit(const std::function<std::string()>& action, std::FILE* value,
                               std::FILE* output, unsigned limit_s) {
    restore_default_signals();
    ::dup2(::fileno(output), STDOUT_FILENO);
    ::dup2(::fileno(output), STDERR_FILENO);
    ::alarm(limit_s);
    int status = 0;
    try {
        const std::string result = action();
        std::fwrite(result.data(), 1, result.size(), value);
        std::fflush(value);
    } catch (const std::exception& error) {
        fmt::print(stderr, "uncaught: {}\n", error.what());
        status = 1;
    }
    std::fflush(nullptr);
    ::_exit(status);
}

std::string ending(int status, unsigned limit_s) {
    if (WIFEXITED(status)) return fmt::format("ended with status {}", WEXITSTATUS(status));
    if (WTERMSIG(status) == SIGALRM) return fmt::format("hung for {} s", limit_s);
    return fmt::format("was killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
}

}  // namespace

ChildResult run_in_child(const std::function<std::string()>& action, unsigned limit_s) {
    const File value = temporary_file();
    const File output = temporary_file();
    std::fflush(nullptr);
    model::prepare_products();  // once for all children
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) run_and_exit(action, value.get(), output.get(), limit_s);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(fmt::format("the child process {}; its output:\n{}", ending(status, limit_s),
                                             content(output.get())));
    return {content(value.get()), content(output.get())};
}

}  // namespace lockstep::support
