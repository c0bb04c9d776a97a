#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::base {

/// This process is one of several copies that a launcher (an mpirun, srun) has started.
struct ParallelStart {
    std::string evidence;                  ///< what the environment says, for example PMI_SIZE=4
    std::optional<std::size_t> processes;  ///< how many; some launchers do not say
    bool is_first = false;                 ///< of them: the one that speaks for all

    /// `one of 4`, or `one of several`.
    std::string one_of() const;

    /// Before the same error ends all copies: those that do not speak wait a second, since most launchers end
    /// all of them with the first that fails.
    void let_first_speak() const;
};

/// What the environment tells of it; nothing where this process was started alone. Inside an allocation of a
/// batch system it was, unless srun started it: SLURM_NTASKS is what a batch script asked for, and set there
/// as well. Call before the start of an MPI library, which may set such variables itself.
std::optional<ParallelStart> parallel_start();

/// By which a front end tells the program that it starts by what launcher.
inline constexpr const char* launcher_variable = "LOCKSTEP_LAUNCHER";

/// What started this process and its like, such as `mpirun (Open MPI) 4.1.4`: as a front end tells, or Open
/// MPI. Empty where nobody does.
std::string launcher_version();

/// The first copy tells on stderr, as a warning of `program`, that each copy does the whole work by itself;
/// nothing where this process was started alone.
void warn_of_copies(std::string_view program);

}  // namespace lockstep::base
