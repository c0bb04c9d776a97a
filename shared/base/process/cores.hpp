#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>

namespace lockstep::base {

/// What the system lets a process use of its machine's processors.
struct ProcessorShare {
    std::bitset<8192> cpus;  ///< on which it may run, by number: its affinity mask, which a cpuset narrows
    double quota = std::numeric_limits<double>::infinity();  ///< processors whose time it gets at most
    /// Who says so: the inode of a control group, or a number of Slurm's job and host.
    std::uint64_t quota_group = 0;
};

/// The narrowest quota among a process's control groups and those above them, of version 1 (cpu.cfs_quota_us)
/// and 2 (cpu.max). `memberships` and `mounts` are what /proc/self/cgroup and /proc/self/mountinfo say; mount
/// points are looked for below `root`. Without any: infinite. `cpus` stays empty.
ProcessorShare processor_quota(std::string_view memberships, std::string_view mounts,
                               const std::filesystem::path& root = "/");

/// This process's own; in a job of Slurm no more than it has of this host (SLURM_CPUS_ON_NODE), which not
/// every cluster binds it to.
ProcessorShare processor_share();

/// The cores that these processes of one machine can keep busy together: all CPUs that one of them may run
/// on, but no more than their quotas allow (those of different groups add up). A part of a core counts as
/// none, since a rank held back by a quota stands still for most of each period: 1.5 are 1 core. At least 1.
std::size_t cores_for(std::span<const ProcessorShare> processes);

/// The cores that this process may use: cores_for() it alone. Hardware threads count as cores.
std::size_t allowed_cores();

}  // namespace lockstep::base
