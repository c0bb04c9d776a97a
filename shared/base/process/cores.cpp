#include "base/process/cores.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process/machine.hpp"

namespace lockstep::base {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream{std::string(text)};
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// A hierarchy of control groups that shares out processor time, as it is mounted.
struct Hierarchy {
    bool is_version_2 = false;
    std::string root;  ///< the group that is seen at the mount point
    fs::path mount_point;
};

std::vector<Hierarchy> hierarchies(std::string_view mounts) {
    constexpr std::size_t root_field = 3;
    constexpr std::size_t mount_point_field = 4;
    std::vector<Hierarchy> found;
    for (const std::string& line : split(mounts, '\n')) {
        const std::vector<std::string> fields = split(line, ' ');
        const auto dash = std::ranges::find(fields, "-");
        if (dash - fields.begin() <= static_cast<std::ptrdiff_t>(mount_point_field) ||
            fields.end() - dash < 4)
            continue;
        const std::string& type = dash[1];
        if (type == "cgroup2" || (type == "cgroup" && contains(split(dash[3], ','), "cpu")))
            found.push_back({type == "cgroup2", fields[root_field], fields[mount_point_field]});
    }
    return found;
}

/// The group that the process is in, or nothing.
std::string group_in(const Hierarchy& hierarchy, std::string_view memberships) {
    for (const std::string& line : split(memberships, '\n')) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (hierarchy.is_version_2 ? controllers.empty() : contains(split(controllers, ','), "cpu"))
            return line.substr(second + 1);
    }
    return {};
}

/// Where the group is seen: in a container without a namespace of its own, the mount shows a part only.
fs::path folder_of(const Hierarchy& hierarchy, const std::string& group, const fs::path& root) {
    fs::path mounted = root / hierarchy.mount_point.relative_path();
    if (group.starts_with("/..")) return mounted;
    if (hierarchy.root == "/") return mounted / fs::path(group).relative_path();
    if (group != hierarchy.root && !group.starts_with(hierarchy.root + '/')) return mounted;
    return mounted / fs::path(group.substr(hierarchy.root.size())).relative_path();
}

/// Processors, or infinity.
double quota_of(const fs::path& folder, bool is_version_2) {
    double quota_us = 0;  // stays 0 where the file says "max"; -1 is no quota either
    double period_us = 0;
    if (is_version_2) {
        std::ifstream(folder / "cpu.max") >> quota_us >> period_us;
    } else {
        std::ifstream(folder / "cpu.cfs_quota_us") >> quota_us;
        std::ifstream(folder / "cpu.cfs_period_us") >> period_us;
    }
    return quota_us > 0 && period_us > 0 ? quota_us / period_us : std::numeric_limits<double>::infinity();
}

std::uint64_t inode_of(const fs::path& folder) {
    struct stat status {};
    return ::stat(folder.c_str(), &status) == 0 ? status.st_ino : 0;
}

/// What Slurm has given a job of this host, be it bound to that or not.
void narrow_to_job(ProcessorShare& share) {
    const char* job = std::getenv("SLURM_JOB_ID");          // NOLINT(concurrency-mt-unsafe): nobody sets
    const char* cores = std::getenv("SLURM_CPUS_ON_NODE");  // NOLINT(concurrency-mt-unsafe): variables
    const double quota = job != nullptr && cores != nullptr ? std::strtod(cores, nullptr) : 0;
    if (!(quota >= 1) || quota >= share.quota) return;
    share.quota = quota;
    share.quota_group = std::hash<std::string>{}(std::string(job) + '@' + host_name());
}

std::string content(const char* path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return std::move(text).str();
}

}  // namespace

ProcessorShare processor_quota(std::string_view memberships, std::string_view mounts, const fs::path& root) {
    ProcessorShare share;
    for (const Hierarchy& hierarchy : hierarchies(mounts)) {
        const fs::path top = root / hierarchy.mount_point.relative_path();
        fs::path folder = folder_of(hierarchy, group_in(hierarchy, memberships), root);
        if (!folder.has_filename()) folder = folder.parent_path();
        for (;; folder = folder.parent_path()) {
            const double quota = quota_of(folder, hierarchy.is_version_2);
            if (quota < share.quota) {
                share.quota = quota;
                share.quota_group = inode_of(folder);
            }
            if (folder == top || folder == folder.parent_path()) break;
        }
    }
    return share;
}

ProcessorShare processor_share() {
    ProcessorShare share = processor_quota(content("/proc/self/cgroup"), content("/proc/self/mountinfo"));
    narrow_to_job(share);
    std::vector<cpu_set_t> mask(share.cpus.size() / CPU_SETSIZE);
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (::sched_getaffinity(0, bytes, mask.data()) == 0)
        for (std::size_t cpu = 0; cpu < share.cpus.size(); ++cpu)
            share.cpus[cpu] = CPU_ISSET_S(cpu, bytes, mask.data());
    return share;
}

std::size_t cores_for(std::span<const ProcessorShare> processes) {
    ProcessorShare together;
    std::map<std::uint64_t, double> quotas;
    for (const ProcessorShare& process : processes) {
        together.cpus |= process.cpus;
        quotas[process.quota_group] = process.quota;
    }
    double quota = 0;
    for (const auto& [group, of_group] : quotas) quota += of_group;
    const auto cpus = static_cast<double>(together.cpus.count());
    return static_cast<std::size_t>(std::max(1.0, std::floor(std::min(cpus, quota))));
}

std::size_t allowed_cores() {
    const ProcessorShare own = processor_share();
    return cores_for({&own, 1});
}

}  // namespace lockstep::base
