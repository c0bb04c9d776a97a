// lockstep-real: one run in the real world, started by mpirun.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "calibration/program.hpp"
#include "comm/agreement.hpp"
#include "comm/mpi/mpi_transport.hpp"
#include "real/mpi/library.hpp"
#include "real/neighbours.hpp"
#include "real/rank_watch.hpp"
#include "real/runs/calibration.hpp"
#include "real/runs/estimate.hpp"
#include "real/runs/lockstep_real.hpp"
#include "real/runs/training.hpp"
#include "result/estimate.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"

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

scenario::Invocation read_command_line(std::span<const std::string> arguments,
                                       std::span<const scenario::ExtraOption> extra, std::size_t ranks) {
    scenario::Invocation invocation = scenario::parse(arguments, extra, scenario::World::real);
    if (invocation.help || invocation.version) return invocation;
    fit_to_ranks(invocation, ranks);
    if (!extra.empty()) scenario::choose_method_for_workers(invocation);
    scenario::require_real_world(invocation);
    scenario::validate(invocation);
    return invocation;
}

base::ExitStatus run_command(comm::Communicator& communicator, std::span<const std::string> arguments) {
    const std::string_view word = arguments.empty() ? std::string_view() : arguments.front();
    const bool calibrates = word == calibration::command_word;
    const bool estimates = word == result::estimate_word;
    const auto extra = calibrates ? calibration::options() : std::vector<scenario::ExtraOption>();
    scenario::Invocation invocation;
    comm::agreed(communicator, [&] {
        invocation =
            read_command_line(arguments.subspan(calibrates || estimates ? 1 : 0), extra, communicator.size());
    });
    std::string text;
    if (invocation.help)
        text = scenario::help(
            "mpirun -n RANKS lockstep-real [calibrate|estimate] [SCENARIO.ini] [--key value ...]: under MPI",
            scenario::all_groups, extra, "Calibration");
    else if (invocation.version)
        text = fmt::format("lockstep-real {} ({})\n", base::version(), base::git_revision());
    else if (calibrates)
        real::run_calibration(communicator, invocation);
    else if (estimates)
        real::run_estimate(communicator, invocation);
    else
        return real::run_training(communicator, invocation);
    comm::agreed(communicator, [&] {
        if (communicator.rank() == 0) base::print_to_stdout(text);
    });
    return base::ExitStatus::success;
}

/// What to write after -n: what --workers asks for, else as many as were started, if that is known.
std::string ranks_wanted(const std::vector<std::string>& arguments, const base::ParallelStart& start) {
    try {
        const auto invocation = scenario::parse(arguments, {}, scenario::World::real);
        if (invocation.given_on_command_line("workers") || invocation.given_in_file("workers"))
            return fmt::to_string(scenario::rank_count(invocation.config));
    } catch (const base::InputError&) {  // of a calibration, or refused once it is alone
    }
    return start.processes ? fmt::to_string(*start.processes) : "N";
}

std::string refusal_of_copies(const std::vector<std::string>& arguments, const base::ParallelStart& start) {
    return fmt::format(
        "started as {0} by a launcher that is not {1}'s ({2}), so each would be a run of its own; use the "
        "mpirun of {1}: mpirun -n {3} lockstep-real, or lockstep real with that mpirun as --launcher",
        start.one_of(), backend::describe().name, start.evidence, ranks_wanted(arguments, start));
}

/// What all ranks agree on ends each of them in order; any other error is one rank's alone and is left to
/// main, but for the loss of others, of which the launcher tells, unless it does not notice.
int run_rank(const std::vector<std::string>& arguments, const std::optional<base::ParallelStart>& start) {
    auto transport = comm::duplicate_world();
    real::meet_neighbours(*transport);
    comm::Communicator communicator(std::move(transport));
    const bool is_copy = communicator.size() == 1 && start;
    const bool speaks = is_copy ? start->is_first : communicator.rank() == 0;
    try {
        if (is_copy)
            throw comm::AgreedError(base::ExitStatus::bad_input, refusal_of_copies(arguments, *start));
        return static_cast<int>(run_command(communicator, arguments));
    } catch (const comm::AgreedError& error) {
        if (speaks) base::print_message(fmt::format("lockstep-real: {}", error.what()));
        if (is_copy) start->let_first_speak();
        return static_cast<int>(error.status());
    } catch (const real::RanksLost&) {
        real::wait_for_the_end();
        throw;
    }
}

}  // namespace

int main(int count, char** arguments) {
    return base::run_program(real::program_name, [&] {
        const auto start = base::parallel_start();
        return real::with_mpi(count, arguments, real::program_name, [&] {
            return run_rank({arguments + 1, arguments + count}, start);
        });
    });
}
