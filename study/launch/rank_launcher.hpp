#pragma once

#include <cstddef>
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

/// By the value of --launcher: mpirun, srun or none, which may not be given words. Cost: one start of the
/// launcher. Errors: InputError where it is not on PATH, or the user's words say how many ranks there are.
RankLauncher find_rank_launcher(const std::string& name, const std::vector<std::string>& users);

/// The words before the program: for so many ranks, with options that this launcher knows and that suit this
/// machine where the user's own words do not decide. Bound to no core, since two runs would share the first
/// one; yielding while waiting, since a rank that spins takes time from the one that it waits for as soon as
/// anything else runs here; and oversubscribed where there are too few cores.
/// Errors: InputError where the launcher is none and the run needs several ranks.
std::vector<std::string> launcher_words(const RankLauncher& launcher, std::size_t ranks, bool oversubscribed,
                                        const std::vector<std::string>& users);

/// Whether the user's words have this option, with one dash or two, and with or without `=VALUE`.
bool has_option(const std::vector<std::string>& users, std::string_view option);

}  // namespace lockstep::study
