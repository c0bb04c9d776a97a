#include "sim/check/platform_check.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/parent.hpp"
#include "base/words.hpp"
#include "sim/check/platform_document.hpp"
#include "sim/check/platform_trial.hpp"
#include "sim/last_words.hpp"
#include "sim/rank_limit.hpp"

namespace lockstep::sim {
namespace {

/// What the child's exit status says; any other is none of ours.
enum Verdict : int { runs = 10, has_obstacle = 11, is_refused = 12 };

/// Before what the child reports: all else that is printed there is of no account.
constexpr std::string_view mark = "\x02";

constexpr unsigned patience_s = 60;
constexpr rlim_t most_memory_bytes = rlim_t{4} << 30U;  // of addresses

/// SimGrid's reader of XML runs over its memory from about 500 on; readers and zones go down by recursion.
constexpr std::size_t deepest_nesting = 100;

void report(int descriptor, std::string_view text) {
    const std::string marked = fmt::format("{}{}", mark, text);
    (void)!::write(descriptor, marked.data(), marked.size());
}

/// Neither for ever nor with all memory: of a profile that never ends SimGrid keeps every repetition.
void limit_time_and_memory() {
    std::signal(SIGALRM, SIG_DFL);
    ::alarm(patience_s);
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = std::min(limit.rlim_cur, most_memory_bytes);
    ::setrlimit(RLIMIT_AS, &limit);
}

/// An exception's text; those of the standard library's conversions are names of functions.
std::string in_words(std::string_view what) {
    std::string text = one_line(what);
    for (const std::string_view function : {"stod", "stoi", "stol", "stoul"})
        if (text == function || text.ends_with(fmt::format(" {}", function)))
            return "something else stands where a number should";
    return text;
}

[[noreturn]] void try_and_exit(const scenario::Config& config, int channel) {
    ::dup2(channel, STDOUT_FILENO);
    ::dup2(channel, STDERR_FILENO);
    turn_giving_up_into_one_line(mark, channel, has_obstacle);
    limit_time_and_memory();
    int verdict = runs;
    std::string text;
    try {
        const PlatformTrial trial(config.platform);
        PreparedEngine prepared(config);
        text = trial.obstacle(prepared);
        if (!text.empty()) verdict = has_obstacle;
        report(channel, text);
        ::_exit(verdict);  // before the engine is taken apart
    } catch (const std::bad_alloc&) {
        verdict = has_obstacle;
        text = fmt::format("its check needs more than {} GB of memory{}", most_memory_bytes >> 30U,
                           while_doing());
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
    const auto version = base::number_in(document->version);
    if (document->version.empty()) return "its <platform> has no version; write <platform version=\"4.1\">";
    if (version && *version < 4)
        return fmt::format(
            "it is of version {}, which is too old: 4 and 4.1 are known; simgrid_update_xml "
            "of SimGrid brings it up to date",
            document->version);
    if (version && *version >= 5)
        return fmt::format("it is of version {}, which is too new: 4 and 4.1 are known", document->version);
    return document->mistakes.empty() ? "" : document->mistakes.front();
}

[[noreturn]] void refuse_for(const std::string& path, const std::string& reason) {
    throw base::InputError(fmt::format(
        "--platform {}: not a usable SimGrid platform: {}; see platforms/ for working files", path, reason));
}

[[noreturn]] void refuse(const std::string& path, const std::string& said) {
    const std::string reason = reason_in_document(path);
    refuse_for(path, !reason.empty() ? reason : !said.empty() ? said : "it cannot be loaded");
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

/// What can be said of a file before anything reads it as XML.
void require_text(const std::string& path) {
    std::error_code unknown;
    if (std::filesystem::is_fifo(path, unknown))
        refuse_for(path, "it is a pipe, which cannot be read twice; write it to a file");
    // Names a missing file or a folder in our own words.
    const std::string text = base::read_file(path, base::most_of_tables);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) refuse_for(path, "it is empty");
    if (const std::size_t depth = nesting_depth(text); depth > deepest_nesting)
        refuse_for(path, fmt::format("its elements are nested {} deep; at most {} are allowed", depth,
                                     deepest_nesting));
}

void check_platform_file(const scenario::Config& config) {
    const std::string& path = config.platform;
    require_text(path);
    std::array<int, 2> channel{};
    if (::pipe(channel.data()) != 0) throw base::EnvironmentError("pipe failed while checking " + path);
    const pid_t ours = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw base::EnvironmentError("fork failed while checking " + path);
    if (child == 0) {
        base::end_with_parent(ours);
        try_and_exit(config, channel[1]);
    }
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
