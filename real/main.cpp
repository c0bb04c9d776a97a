// lockstep-real: one run in the real world, started by mpirun.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "backend/backend.hpp"
#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/function_ref.hpp"
#include "base/packing.hpp"
#include "base/process/folder_lock.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "base/process/stop_signals.hpp"
#include "base/units.hpp"
#include "calibration/program.hpp"
#include "comm/agreement.hpp"
#include "comm/mpi/mpi_transport.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/neighbours.hpp"
#include "real/partial_result.hpp"
#include "real/rank_watch.hpp"
#include "real/trainers.hpp"
#include "result/estimate.hpp"
#include "run/checkpoint/agreed_legs.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/command.hpp"
#include "run/event_recording.hpp"
#include "run/load_problem.hpp"
#include "run/program.hpp"
#include "run/rehearsal.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/processors.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"

namespace {

using namespace lockstep;

constexpr std::string_view program_name = "lockstep-real";

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

/// Overruns up to this share of what was asked are made up for by shorter sleeps.
constexpr double harmless_overruns = 0.01;

void warn_of_emulation(const result::Result& result) {
    for (const result::Worker& worker : result.workers)
        if (worker.overrun_s > harmless_overruns * worker.emulated_s)
            base::print_message(fmt::format(
                "lockstep-real: warning: {} pieces of arithmetic of rank {} took longer than its emulated "
                "processor would, {} of {}: choose a lower --emulate-speed or --speeds, or "
                "fewer ranks a core",
                worker.overruns.value_or(0), worker.rank, base::format_time(worker.overrun_s),
                base::format_time(worker.emulated_s)));
    if (result.provenance.oversubscribed && scenario::emulates_all_speeds(result.config))
        base::print_message(fmt::format(
            "lockstep-real: warning: the ranks slept too little to share the cores: the times measured "
            "mean nothing; choose a lower --emulate-speed"));
}

/// What is wrong with a key of the scenario's file names that file.
void agreed(comm::Communicator& communicator, const scenario::Invocation& invocation,
            base::FunctionRef<void()> action) {
    comm::agreed(communicator, [&] { scenario::naming_file(invocation, action); });
}

/// Open MPI 5's launcher puts a part of what was printed behind what is said on stderr, if that comes soon
/// after.
void let_launcher_pass_on_result() {
    constexpr useconds_t half_a_second_us = 500'000;
    ::usleep(half_a_second_us);
}

/// When the program began.
struct Beginning {
    std::string utc = run::utc_now();
    double moment_s = real::now_s();

    double passed_s() const { return real::now_s() - moment_s; }
};

/// Where the run is aborted, one rank leaves what it knows.
std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const run::Problem& problem, run::Progress& progress, run::Legs* legs,
                                    const Beginning& beginning) {
    std::optional<run::SurvivorReport> left;
    const bool leaves = real::leaves_partial_result(config, communicator.rank());
    try {
        return run::train(communicator, config, problem, &progress, nullptr, legs, leaves ? &left : nullptr);
    } catch (const base::EnvironmentError& error) {
        if (left)
            real::leave_partial_result(config, problem, std::move(*left), error.what(), beginning.utc,
                                       beginning.passed_s(), program_name);
        throw;
    }
}

base::ExitStatus run_once(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    const scenario::Config& config = invocation.config;
    const bool speaks = everybody.rank() == 0;
    const Beginning beginning;
    std::optional<real::RankWatch> watch;  // may end the process when it ends: after all else
    const bool is_kept = !config.checkpoint.empty();
    std::optional<base::StopSignals> signals;
    if (is_kept) signals.emplace();
    std::optional<run::Problem> problem;
    std::optional<base::FolderLock> lock;
    std::optional<run::Checkpoints> checkpoints;
    agreed(everybody, invocation, [&] {
        problem.emplace(run::load_problem(config));
        if (!speaks) return;
        lock.emplace("--out", config.out);
        run::prepare_event_files(config);
        if (is_kept) checkpoints.emplace(config, *problem, program_name, "real", real::now_s);
    });
    real::emulate_processor(config, everybody.rank());
    if (real::leaves_partial_result(config, everybody.rank())) watch.emplace();
    comm::Communicator communicator =
        real::trainers(config, program_name, real::Waits::watched, watch ? &*watch : nullptr);
    run::Progress progress =
        speaks && run::wants_progress(config) ? run::Progress(real::now_s) : run::Progress();
    std::optional<run::AgreedLegs> legs;
    if (is_kept)
        legs.emplace(communicator, everybody, config, *problem, *signals,
                     checkpoints ? &*checkpoints : nullptr);
    auto result = train(communicator, config, *problem, progress, legs ? &*legs : nullptr, beginning);
    watch.reset();
    agreed(everybody, invocation, [&] {  // however long rank 0 takes
        if (!speaks) return;
        run::add_provenance(*result, "real", beginning.utc, beginning.passed_s());
        warn_of_emulation(*result);
        run::deliver(*result);
        if (legs && legs->is_stopped()) let_launcher_pass_on_result();
        if (checkpoints) checkpoints->close(*result);
    });
    return legs && legs->is_stopped() ? base::ExitStatus::interrupted : base::ExitStatus::success;
}

/// What slows single processors down is simulated on top of what is measured.
scenario::Config at_full_speed(scenario::Config config) {
    config.speeds_flops.clear();
    config.speed_multiples.clear();
    config.server_speed_flops.reset();
    config.heterogeneity = {};
    config.variability = {};
    config.stragglers.clear();
    config.pauses.clear();
    return config;
}

/// Errors: InputError where ranks that wait would take time from those that are measured.
void require_cores(const scenario::Config& config) {
    const auto [ranks, cores, hosts, processes] = real::neighbours();
    if (ranks > cores && !scenario::emulates_all_speeds(config))
        throw base::InputError("calibrate", fmt::format("{} ranks on {}", ranks, backend::describe().host),
                               fmt::format("at most {}, one for each core that they may use", cores),
                               "use fewer --workers, more hosts, or --emulate-speed");
}

void calibrate(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    std::optional<run::Problem> problem;
    calibration::Request request;
    agreed(everybody, invocation, [&] {
        request = calibration::read_request(invocation);
        problem.emplace(run::load_problem(invocation.config));
    });
    const scenario::Config config = at_full_speed(invocation.config);
    agreed(everybody, invocation, [&] { require_cores(config); });
    real::emulate_processor(config, everybody.rank());
    comm::Communicator communicator = real::trainers(config, program_name, real::Waits::in_library);
    const bool shows = communicator.rank() == 0 && run::wants_progress(config);
    auto progress = shows ? calibration::Progress(real::now_s) : calibration::Progress();
    calibration::calibrate(communicator, config, *problem, request, &progress);
}

/// Of what ranks have skipped the most, on rank 0: processors are emulated at one time, and the run lasts as
/// long as the one with most to do.
double most_skipped_s(comm::Communicator& communicator) {
    double most_s = real::skipped_s();
    if (communicator.rank() != 0) communicator.send_bytes(base::pack(most_s), 0);
    for (std::size_t rank = 1; communicator.rank() == 0 && rank < communicator.size(); ++rank)
        most_s = std::max(most_s, base::unpack<double>(communicator.receive_bytes(rank)));
    return most_s;
}

void estimate(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    const scenario::Config& config = invocation.config;
    std::optional<run::Rehearsal> rehearsal;
    agreed(everybody, invocation, [&] { rehearsal.emplace(config, real::now_s); });
    real::emulate_processor(config, everybody.rank(), real::Sleeps::skipped);
    comm::Communicator communicator = real::trainers(config, program_name);
    const auto rehearsed =
        run::train(communicator, rehearsal->config(), rehearsal->problem(), &rehearsal->progress());
    const double skipped_s = most_skipped_s(communicator);
    agreed(everybody, invocation, [&] {
        if (communicator.rank() == 0)
            base::print_to_stdout(result::to_json(rehearsal->estimate(*rehearsed, skipped_s)));
    });
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
        calibrate(communicator, invocation);
    else if (estimates)
        estimate(communicator, invocation);
    else
        return run_once(communicator, invocation);
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
    return base::run_program(program_name, [&] {
        const auto start = base::parallel_start();
        return real::with_mpi(count, arguments, program_name, [&] {
            return run_rank({arguments + 1, arguments + count}, start);
        });
    });
}
