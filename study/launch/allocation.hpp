#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lockstep::study {

/// What a batch system lets a job start.
struct Allocation {
    std::string name;                ///< for people: `Slurm's job 17 (SLURM_TASKS_PER_NODE=2(x2))`
    std::vector<std::size_t> slots;  ///< ranks of each host: tasks that were asked for
    std::string
        host_file;  ///< names each host as often as it has slots; empty where launchers ask the system

    std::size_t ranks() const;
    /// Ranks of each host that spread so many evenly and in blocks, the first hosts full; nothing where there
    /// is one host or no choice: every slot is taken, or a host has fewer.
    std::optional<std::size_t> ranks_per_host(std::size_t ranks) const;
};

/// The one that this process is in, by SLURM_JOB_ID and SLURM_TASKS_PER_NODE, or PBS_NODEFILE; nothing where
/// there is none. Errors: InputError where these say what they never do, or the file is not there.
std::optional<Allocation> find_allocation();

}  // namespace lockstep::study
