#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// A program that starts ranks: found out by asking it, not by its name.
struct RankLauncher {
    /// Hydra is the mpirun of MPICH and Intel MPI.
    enum class Kind { open_mpi, hydra, srun, none, other };

    Kind kind = Kind::none;
    std::string program;  ///< its path; empty where the program is started as it is
    std::string version;  ///< a line of its own, such as `mpirun (Open MPI) 4.1.4`
};

/// By the value of --launcher: the name or file of a launcher, or none, which may not be given words. Cost:
/// one start of the launcher. Errors: InputError where it is not there, or the user's words say how many
/// ranks there are.
RankLauncher find_rank_launcher(const std::string& name, const std::vector<std::string>& users);

/// Where ranks are to be started.
struct Placement {
    bool oversubscribed = false;                ///< there are too few cores
    std::optional<std::size_t> ranks_per_host;  ///< at most; nothing: as the launcher likes
    std::string host_file;                      ///< of a batch system; empty: as the launcher knows
};

/// The words before the program: for so many ranks, with options that this launcher knows and that suit the
/// placement where the user's own words do not decide. Bound to no core, since two runs would share the first
/// one; yielding while waiting, since a rank that spins takes time from the one that it waits for as soon as
/// anything else runs here.
/// Errors: InputError where the launcher is none and the run needs several ranks.
std::vector<std::string> launcher_words(const RankLauncher& launcher, std::size_t ranks,
                                        const Placement& placement, const std::vector<std::string>& users);

/// Whether the user's words say on which hosts.
bool names_hosts(const std::vector<std::string>& users);

/// Whether the user's words have this option, with one dash or two, and with or without `=VALUE`.
bool has_option(const std::vector<std::string>& users, std::string_view option);

}  // namespace lockstep::study
