#include "base/process/parallel_start.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "base/process/program.hpp"

namespace lockstep::base {
namespace {

/// Variables by which launchers tell a process how many there are of it, and which of them it is.
struct Variables {
    const char* size;
    const char* rank;
};

constexpr std::array<Variables, 8> known{{
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
    {"PMI_SIZE", "PMI_RANK"},  // Hydra (MPICH, Intel MPI) and srun --mpi=pmi2
    {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
    {"MPI_LOCALNRANKS", "MPI_LOCALRANKID"},  // Hydra, whatever it speaks; of this host only
    {"PALS_SIZE", "PALS_RANKID"},            // HPE Cray
    {"FLUX_JOB_SIZE", "FLUX_TASK_RANK"},
    {"JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_RANK"},  // IBM's jsrun
    {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},
}};

std::optional<std::size_t> number(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
    if (value == nullptr) return std::nullopt;
    const std::string_view text = value;
    std::size_t result = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return result;
}

std::optional<ParallelStart> told_by(const Variables& variables) {
    const auto size = number(variables.size);
    if (!size || *size < 2) return std::nullopt;
    return ParallelStart{fmt::format("{}={}", variables.size, *size), *size,
                         number(variables.rank).value_or(0) == 0};
}

/// SLURM_NTASKS, which was SLURM_NPROCS, counts tasks only where there is no job with steps that could say
/// so: every task of srun knows its step, and a batch script or the shell of salloc has a job but none.
std::optional<ParallelStart> told_by_tasks_without_job() {
    if (number("SLURM_JOB_ID") || number("SLURM_JOBID") || !number("SLURM_PROCID")) return std::nullopt;
    const auto start = told_by({"SLURM_NTASKS", "SLURM_PROCID"});
    return start ? start : told_by({"SLURM_NPROCS", "SLURM_PROCID"});
}

/// PMIx tells the number of processes to its clients only, but each its rank.
std::optional<ParallelStart> told_by_pmix() {
    const auto rank = number("PMIX_RANK");
    if (!rank || *rank == 0) return std::nullopt;
    return ParallelStart{fmt::format("PMIX_RANK={}", *rank), std::nullopt, *rank == 1};
}

}  // namespace

std::string ParallelStart::one_of() const {
    return fmt::format("one of {}", processes ? fmt::to_string(*processes) : "several");
}

void ParallelStart::let_first_speak() const {
    if (!is_first) ::sleep(1);
}

std::optional<ParallelStart> parallel_start() {
    // Who was started by Open MPI's mpirun knows better than what that mpirun was started by.
    if (number(known.front().size)) return told_by(known.front());
    for (const Variables& variables : known)
        if (auto start = told_by(variables)) return start;
    if (auto start = told_by_tasks_without_job()) return start;
    return told_by_pmix();
}

std::string launcher_version() {
    // NOLINTBEGIN(concurrency-mt-unsafe): nobody sets variables
    if (const char* told = std::getenv(launcher_variable)) return told;
    const char* open_mpi = std::getenv("OMPI_VERSION");
    // NOLINTEND(concurrency-mt-unsafe)
    return open_mpi != nullptr ? fmt::format("mpirun (Open MPI) {}", open_mpi) : std::string();
}

void warn_of_copies(std::string_view program) {
    const auto start = parallel_start();
    if (!start || !start->is_first) return;
    print_to_stderr(fmt::format(
        "{}: warning: started as {} ({}): each of them does the whole work by itself; start it once\n",
        program, start->one_of(), start->evidence));
}

}  // namespace lockstep::base
