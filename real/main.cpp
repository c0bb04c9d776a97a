// lockstep-real: one run in the real world, started by mpirun.
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "backend/backend.hpp"
#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "run/agreement.hpp"
#include "run/command.hpp"
#include "run/program.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"

namespace {

using namespace lockstep;

/// Takes the number of workers from mpirun where the user has not given it, and insists on it where he has.
void fit_to_ranks(scenario::Invocation& invocation, std::size_t ranks) {
    scenario::Config& config = invocation.config;
    const std::size_t servers = scenario::server_count(config);
    if (!invocation.given_on_command_line("workers") && !invocation.given_in_file("workers") &&
        ranks > servers)
        config.workers = ranks - servers;
    const std::size_t needed = scenario::rank_count(config);
    if (needed != ranks)
        throw base::InputError(fmt::format(
            "mpirun: started {} ranks; needed: {} ({} workers{}); use mpirun -n {} or change --workers",
            ranks, needed, config.workers,
            servers == 0   ? ""
            : servers == 1 ? " and a server"
                           : fmt::format(" and {} servers", servers),
            needed));
}

scenario::Invocation read_command_line(const std::vector<std::string>& arguments, std::size_t ranks) {
    scenario::Invocation invocation = scenario::parse(arguments);
    if (invocation.help || invocation.version) return invocation;
    fit_to_ranks(invocation, ranks);
    scenario::require_real_world(invocation);
    scenario::validate(invocation);
    return invocation;
}

/// Ranks that share this rank's machine.
std::size_t ranks_here() {
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
    int size = 0;
    MPI_Comm_size(here, &size);
    MPI_Comm_free(&here);
    return static_cast<std::size_t>(size);
}

/// Waiting ranks spin: where there are more of them than cores, they take time from those that work.
void warn_of_oversubscription(bool speaks) {
    const std::size_t ranks = ranks_here();
    const backend::Description place = backend::describe();
    if (speaks && ranks > place.host_cores)
        fmt::print(
            stderr,
            "lockstep-real: warning: {} ranks share the {} cores of {}: the times measured mean nothing\n",
            ranks, place.host_cores, place.host);
}

void run_once(comm::Communicator& communicator, const scenario::Config& config) {
    const bool speaks = communicator.rank() == 0;
    const std::string started_utc = run::utc_now();
    const double began_s = MPI_Wtime();
    std::optional<run::Problem> problem;
    run::agreed(communicator, [&] { problem.emplace(run::load_problem(config)); });
    warn_of_oversubscription(speaks);
    run::Progress progress =
        speaks && run::wants_progress(config) ? run::Progress(MPI_Wtime) : run::Progress();
    auto result = run::train(communicator, config, *problem, &progress);
    run::agreed(communicator, [&] {
        if (!speaks) return;
        run::add_provenance(*result, "real", started_utc, MPI_Wtime() - began_s);
        run::deliver(*result);
    });
}

void run_command(comm::Communicator& communicator, const std::vector<std::string>& arguments) {
    scenario::Invocation invocation;
    run::agreed(communicator, [&] { invocation = read_command_line(arguments, communicator.size()); });
    const bool speaks = communicator.rank() == 0;
    if (invocation.help && speaks) {
        base::print_to_stdout(scenario::help(
            "mpirun -n RANKS lockstep-real [SCENARIO.ini] [--key value ...]: one run under MPI"));
    } else if (invocation.version && speaks) {
        base::print_to_stdout(fmt::format("lockstep-real {} ({})\n", base::version(), base::git_revision()));
    } else if (!invocation.help && !invocation.version) {
        run_once(communicator, invocation.config);
    }
}

/// What all ranks agree on ends each of them in order; any other error is one rank's alone and is left to
/// main.
int run_rank(const std::vector<std::string>& arguments) {
    auto communicator = comm::Communicator::duplicate_world();
    try {
        run_command(communicator, arguments);
        return 0;
    } catch (const run::AgreedError& error) {
        if (communicator.rank() == 0) fmt::print(stderr, "lockstep-real: {}\n", error.what());
        return static_cast<int>(error.status());
    }
}

}  // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    int status = 0;
    try {
        status = run_rank({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        fmt::print(stderr, "lockstep-real: {}\n", error.what());
        MPI_Abort(MPI_COMM_WORLD, static_cast<int>(base::ExitStatus::environment));
    }
    MPI_Finalize();
    return status;
}
