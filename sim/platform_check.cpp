// SimGrid reports a bad platform file by aborting or by throwing, after printing to its log. Neither may
// reach the user, so the file is first loaded by a child process, whose output becomes part of our one
// message.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "sim/platform.hpp"

namespace lockstep::sim {
namespace {

constexpr int own_complaint = 2;  // exit status of the child: the last line of its output is ours

/// Why the ranks' hosts cannot all talk to each other, or nothing. Of many hosts not every pair is tried.
std::string missing_route(const std::vector<simgrid::s4u::Host*>& hosts) {
    constexpr std::size_t few = 64;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        for (std::size_t j = 0; j < hosts.size(); ++j) {
            const bool tried = hosts.size() <= few || i == 0 || j == 0 || j == i + 1;
            if (i == j || !tried) continue;
            std::vector<simgrid::s4u::Link*> links;
            double latency_s = 0;
            hosts[i]->route_to(hosts[j], links, &latency_s);
            if (links.empty())
                return fmt::format("no route from host {} to {}", hosts[i]->get_name(), hosts[j]->get_name());
        }
    }
    return {};
}

/// The first host or link of the platform that SimGrid would load but not survive, or nothing.
std::string unusable_part(const simgrid::s4u::Engine& engine) {
    for (const simgrid::s4u::Host* host : engine.get_all_hosts())
        for (unsigned long i = 0; i < host->get_pstate_count(); ++i)
            if (const double speed = host->get_pstate_speed(i); !(speed > 0) || !std::isfinite(speed))
                return fmt::format("host {} has a speed of {:g}f; it must be above 0", host->get_name(),
                                   speed);
    for (const simgrid::s4u::Link* link : engine.get_all_links())
        if (const double bandwidth_Bps = link->get_bandwidth();
            !(bandwidth_Bps > 0) || !std::isfinite(bandwidth_Bps))
            return fmt::format("link {} has a bandwidth of {:g}Bps; it must be above 0", link->get_name(),
                               bandwidth_Bps);
    return {};
}

/// Why `ranks` ranks cannot run on the platform, or nothing.
std::string obstacle(const simgrid::s4u::Engine& engine, std::size_t ranks) {
    std::vector<simgrid::s4u::Host*> hosts = hosts_by_name(engine);
    if (hosts.empty()) return "it has no host";
    if (hosts.size() > ranks) hosts.resize(ranks);
    const std::string part = unusable_part(engine);
    return part.empty() ? missing_route(hosts) : part;
}

[[noreturn]] void load_and_exit(const std::string& path, std::size_t ranks, int report) {
    ::dup2(report, STDOUT_FILENO);
    ::dup2(report, STDERR_FILENO);
    int status = 1;
    std::string text;
    try {
        int count = 1;
        std::array<char, 9> name{"lockstep"};
        std::array<char*, 2> arguments{name.data(), nullptr};
        simgrid::s4u::Engine engine(&count, arguments.data());
        engine.load_platform(path);
        text = obstacle(engine, ranks);
        status = text.empty() ? 0 : own_complaint;
    } catch (const std::exception& error) {
        text = error.what();
    }
    text += "\n";
    (void)!::write(report, text.data(), text.size());
    ::_exit(status);
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(descriptor, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(got));
    return text;
}

/// The first line that says something, without SimGrid's prefix `[time] [category/LEVEL] `.
std::string complaint(const std::string& log) {
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = std::min(log.find('\n', begin), log.size());
        std::string line = log.substr(begin, end - begin);
        begin = end + 1;
        if (line.find("/INFO]") != std::string::npos) continue;
        if (line.rfind('[', 0) == 0)
            if (const std::size_t prefix = line.rfind("] "); prefix != std::string::npos)
                line.erase(0, prefix + 2);
        if (!line.empty()) return line;
    }
    return "it cannot be loaded";
}

std::string last_line(std::string log) {
    while (!log.empty() && log.back() == '\n') log.pop_back();
    const std::size_t begin = log.rfind('\n');
    return begin == std::string::npos ? log : log.substr(begin + 1);
}

}  // namespace

void check_platform_file(const std::string& path, std::size_t ranks) {
    base::read_file(path);  // names a missing file or a folder in our own words
    std::array<int, 2> channel{};
    if (::pipe(channel.data()) != 0) throw base::EnvironmentError("pipe failed while checking " + path);
    const pid_t child = ::fork();
    if (child < 0) throw base::EnvironmentError("fork failed while checking " + path);
    if (child == 0) load_and_exit(path, ranks, channel[1]);
    ::close(channel[1]);
    const std::string log = read_all(channel[0]);
    ::close(channel[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    const bool own = WIFEXITED(status) && WEXITSTATUS(status) == own_complaint;
    throw base::InputError(
        fmt::format("--platform {}: not a usable SimGrid platform: {}; see platforms/ for working files",
                    path, own ? last_line(log) : complaint(log)));
}

}  // namespace lockstep::sim
