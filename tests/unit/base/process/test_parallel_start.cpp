#include <cstdlib>
#include <map>
#include <string>

#include "base/process/parallel_start.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

namespace {

using Variables = std::map<std::string, std::string>;

/// What is told in an environment that has these variables of launchers, and no others.
std::optional<ParallelStart> start_in(const Variables& variables) {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE",
                             "OMPI_COMM_WORLD_RANK",
                             "PMI_SIZE",
                             "PMI_RANK",
                             "MV2_COMM_WORLD_SIZE",
                             "MV2_COMM_WORLD_RANK",
                             "MPI_LOCALNRANKS",
                             "MPI_LOCALRANKID",
                             "SLURM_STEP_NUM_TASKS",
                             "SLURM_PROCID",
                             "SLURM_NTASKS",
                             "SLURM_NPROCS",
                             "PALS_SIZE",
                             "PALS_RANKID",
                             "FLUX_JOB_SIZE",
                             "FLUX_TASK_RANK",
                             "JSM_NAMESPACE_SIZE",
                             "JSM_NAMESPACE_RANK",
                             "SLURM_JOB_ID",
                             "SLURM_JOBID",
                             "PMIX_RANK"})
        ::unsetenv(name);
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
    const auto start = parallel_start();
    for (const auto& [name, value] : variables) ::unsetenv(name.c_str());
    return start;
}

void check_start(const Variables& variables, const std::string& evidence,
                 std::optional<std::size_t> processes, bool is_first) {
    const auto start = start_in(variables);
    INFO(evidence);
    REQUIRE(start);
    CHECK(start->evidence == evidence);
    CHECK(start->processes == processes);
    CHECK(start->is_first == is_first);
}

}  // namespace

TEST_CASE("launchers that start several processes") {
    // Hydra: MPICH's and Intel MPI's mpirun.
    check_start({{"PMI_SIZE", "2"}, {"PMI_RANK", "0"}, {"MPI_LOCALNRANKS", "2"}, {"MPI_LOCALRANKID", "0"}},
                "PMI_SIZE=2", 2, true);
    check_start({{"PMI_SIZE", "2"}, {"PMI_RANK", "1"}, {"MPI_LOCALNRANKS", "1"}, {"MPI_LOCALRANKID", "0"}},
                "PMI_SIZE=2", 2, false);
    check_start({{"MPI_LOCALNRANKS", "4"}, {"MPI_LOCALRANKID", "3"}, {"PMIX_RANK", "3"}}, "MPI_LOCALNRANKS=4",
                4, false);
    check_start({{"MV2_COMM_WORLD_SIZE", "8"}, {"MV2_COMM_WORLD_RANK", "7"}}, "MV2_COMM_WORLD_SIZE=8", 8,
                false);
    // Open MPI's.
    check_start({{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "0"}, {"PMIX_RANK", "0"}},
                "OMPI_COMM_WORLD_SIZE=3", 3, true);
    // A task of srun, without an MPI plugin, in a job of more tasks than its step has.
    check_start(
        {{"SLURM_JOB_ID", "77"}, {"SLURM_NTASKS", "8"}, {"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_PROCID", "2"}},
        "SLURM_STEP_NUM_TASKS=4", 4, false);
    check_start({{"SLURM_NTASKS", "2"}, {"SLURM_PROCID", "0"}}, "SLURM_NTASKS=2", 2, true);
    check_start({{"SLURM_NPROCS", "2"}, {"SLURM_PROCID", "1"}}, "SLURM_NPROCS=2", 2, false);
    // Cray's aprun and mpiexec, flux run, jsrun.
    check_start({{"PALS_SIZE", "3"}, {"PALS_RANKID", "0"}}, "PALS_SIZE=3", 3, true);
    check_start({{"FLUX_JOB_SIZE", "4"}, {"FLUX_TASK_RANK", "2"}}, "FLUX_JOB_SIZE=4", 4, false);
    check_start({{"JSM_NAMESPACE_SIZE", "2"}, {"JSM_NAMESPACE_RANK", "0"}}, "JSM_NAMESPACE_SIZE=2", 2, true);
    // PMIx says which one this is, not of how many.
    check_start({{"PMIX_RANK", "1"}}, "PMIX_RANK=1", std::nullopt, true);
    check_start({{"PMIX_RANK", "5"}}, "PMIX_RANK=5", std::nullopt, false);
    CHECK(start_in({{"PMIX_RANK", "1"}})->one_of() == "one of several");
    CHECK(start_in({{"PMI_SIZE", "2"}})->one_of() == "one of 2");
}

TEST_CASE("processes that were started alone") {
    CHECK_FALSE(start_in({}));
    CHECK_FALSE(start_in({{"PMI_SIZE", "1"}, {"PMI_RANK", "0"}, {"MPI_LOCALNRANKS", "1"}}));
    CHECK_FALSE(start_in({{"PMIX_RANK", "0"}}));
    CHECK_FALSE(start_in({{"PMI_SIZE", "many"}, {"SLURM_STEP_NUM_TASKS", ""}, {"PMIX_RANK", "-1"}}));
    // A batch script: its job has tasks, and it passes for the first, but no step has started it.
    CHECK_FALSE(start_in({{"SLURM_JOB_ID", "77"}, {"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}));
    CHECK_FALSE(start_in({{"SLURM_JOBID", "77"}, {"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}));
    // The shell that salloc starts on the node where one works, and srun --pty of one task.
    CHECK_FALSE(start_in({{"SLURM_JOB_ID", "77"}, {"SLURM_NTASKS", "8"}}));
    CHECK_FALSE(start_in({{"SLURM_NTASKS", "8"}}));
    CHECK_FALSE(start_in({{"SLURM_JOB_ID", "77"},
                          {"SLURM_NTASKS", "8"},
                          {"SLURM_STEP_NUM_TASKS", "1"},
                          {"SLURM_PROCID", "0"}}));
    // mpirun -n 1 of Open MPI, wherever that was started.
    CHECK_FALSE(start_in({{"OMPI_COMM_WORLD_SIZE", "1"}, {"PMI_SIZE", "4"}, {"SLURM_STEP_NUM_TASKS", "4"}}));
}
