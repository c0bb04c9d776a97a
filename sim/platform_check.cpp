#include "sim/platform_check.hpp"

#include <array>
#include <csignal>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "sim/last_words.hpp"
#include "sim/platform_document.hpp"
#include "sim/platform_trial.hpp"
#include "sim/rank_limit.hpp"

namespace lockstep::sim {
namespace {

/// What the child's exit status says; any other is none of ours.
enum Verdict : int { runs = 10, has_obstacle = 11, is_refused = 12 };

/// Before what the child reports: all else that is printed there is of no account.
constexpr std::string_view mark = "\x02";

constexpr unsigned patience_s = 60;

void report(int descriptor, std::string_view text) {
    const std::string marked = fmt::format("{}{}", mark, text);
    (void)!::write(descriptor, marked.data(), marked.size());
}

/// Time that does not pass: a profile that repeats itself without a pause would keep the child for ever.
void watch_the_clock() {
    std::signal(SIGALRM, SIG_DFL);
    ::alarm(patience_s);
}

/// An exception's text; those of the standard library's conversions are names of functions.
std::string in_words(std::string_view what) {
    if (what == "stod" || what == "stoi" || what == "stol")
        return "something else stands where a number should";
    return one_line(what);
}

[[noreturn]] void try_and_exit(const scenario::Config& config, int channel) {
    ::dup2(channel, STDOUT_FILENO);
    ::dup2(channel, STDERR_FILENO);
    turn_giving_up_into_one_line(mark, channel, has_obstacle);
    int verdict = runs;
    std::string text;
    try {
        const PlatformTrial trial(config.platform);
        PreparedEngine prepared(config);
        watch_the_clock();
        text = trial.obstacle(prepared);
        if (!text.empty()) verdict = has_obstacle;
        report(channel, text);
        ::_exit(verdict);  // before the engine is taken apart
    } catch (const base::InputError& error) {
        verdict = is_refused;
        text = error.what();
    } catch (const std::exception& error) {
        verdict = has_obstacle;
        text = in_words(error.what()) + while_doing();
    }
    report(channel, text);
    ::_exit(verdict);
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(descriptor, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(got));
    return text;
}

/// In our words, where what SimGrid says of such files leads astray; nothing for others.
std::string reason_in_document(const std::string& path) {
    const auto document = read_platform_document(path);
    if (!document) return {};
    if (document->root != "platform")
        return fmt::format("it is XML, but of <{}>, not of <platform>", document->root);
    if (document->places_actors)
        return "it places actors, as a deployment file does; lockstep places ranks itself (see --hosts): "
               "give the file with the hosts, without <actor> and <process>";
    if (document->version.empty()) return "its <platform> has no version; write <platform version=\"4.1\">";
    if (document->version < "4")
        return fmt::format(
            "it is of version {}, which is too old: 4 and 4.1 are known; simgrid_update_xml "
            "of SimGrid brings it up to date",
            document->version);
    return {};
}

[[noreturn]] void refuse(const std::string& path, const std::string& said) {
    const std::string reason = reason_in_document(path);
    throw base::InputError(fmt::format(
        "--platform {}: not a usable SimGrid platform: {}; see platforms/ for working files", path,
        !reason.empty() ? reason
        : !said.empty() ? said
                        : "it cannot be loaded"));
}

/// What the child says of itself, without the end of its line.
std::string reported(const std::string& output) {
    const std::size_t begin = output.rfind(mark);
    if (begin == std::string::npos) return one_line(output);
    return one_line(std::string_view(output).substr(begin + mark.size()));
}

void judge(const std::string& path, int status, const std::string& said) {
    if (WIFSIGNALED(status)) {
        if (WTERMSIG(status) == SIGALRM)
            refuse(path, fmt::format("simulated time did not begin to pass within {} s; is there a profile "
                                     "that repeats itself without a pause?",
                                     patience_s));
        throw base::EnvironmentError(fmt::format("--platform {}: its check ended by signal {} ({})", path,
                                                 WTERMSIG(status), ::strsignal(WTERMSIG(status))));
    }
    if (WEXITSTATUS(status) == is_refused) throw base::InputError(said);
    if (WEXITSTATUS(status) != runs) refuse(path, said);
}

void check_platform_file(const scenario::Config& config) {
    const std::string& path = config.platform;
    base::read_file(path);  // names a missing file or a folder in our own words
    std::array<int, 2> channel{};
    if (::pipe(channel.data()) != 0) throw base::EnvironmentError("pipe failed while checking " + path);
    const pid_t child = ::fork();
    if (child < 0) throw base::EnvironmentError("fork failed while checking " + path);
    if (child == 0) try_and_exit(config, channel[1]);
    ::close(channel[1]);
    const std::string output = read_all(channel[0]);
    ::close(channel[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    judge(path, status, reported(output));
}

}  // namespace

void check_platform(const scenario::Config& config) {
    require_room_for_ranks(config);
    if (scenario::has_platform_file(config)) check_platform_file(config);
}

}  // namespace lockstep::sim
