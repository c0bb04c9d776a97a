#include "real/runs/training.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/process/folder_lock.hpp"
#include "base/process/program.hpp"
#include "base/process/stop_signals.hpp"
#include "base/units.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/partial_result.hpp"
#include "real/rank_watch.hpp"
#include "real/runs/lockstep_real.hpp"
#include "real/trainers.hpp"
#include "result/result.hpp"
#include "run/checkpoint/agreed_legs.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/command.hpp"
#include "run/event_recording.hpp"
#include "run/load_problem.hpp"
#include "run/program.hpp"
#include "scenario/processors.hpp"

namespace lockstep::real {
namespace {

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

/// Open MPI 5's launcher puts a part of what was printed behind what is said on stderr, if that comes soon
/// after.
void let_launcher_pass_on_result() {
    constexpr useconds_t half_a_second_us = 500'000;
    ::usleep(half_a_second_us);
}

/// When the program began.
struct Beginning {
    std::string utc = run::utc_now();
    double moment_s = now_s();

    double passed_s() const { return now_s() - moment_s; }
};

/// Where the run is aborted, one rank leaves what it knows.
std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const run::Problem& problem, run::Progress& progress, run::Legs* legs,
                                    const Beginning& beginning) {
    std::optional<run::SurvivorReport> left;
    const bool leaves = leaves_partial_result(config, communicator.rank());
    try {
        return run::train(communicator, config, problem,
                          {.progress = &progress, .legs = legs, .left = leaves ? &left : nullptr});
    } catch (const base::EnvironmentError& error) {
        if (left)
            leave_partial_result(config, problem, std::move(*left), error.what(), beginning.utc,
                                 beginning.passed_s(), program_name);
        throw;
    }
}

}  // namespace

base::ExitStatus run_training(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    const scenario::Config& config = invocation.config;
    const bool speaks = everybody.rank() == 0;
    const Beginning beginning;
    std::optional<RankWatch> watch;  // may end the process when it ends: after all else
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
        if (is_kept) checkpoints.emplace(config, *problem, program_name, "real", now_s);
    });
    emulate_processor(config, everybody.rank());
    if (leaves_partial_result(config, everybody.rank())) watch.emplace();
    comm::Communicator communicator =
        trainers(config, program_name, Waits::watched, watch ? &*watch : nullptr);
    comm::Communicator patient = patient_ranks(config);
    run::Progress progress = speaks && run::wants_progress(config) ? run::Progress(now_s) : run::Progress();
    std::optional<run::AgreedLegs> legs;
    if (is_kept)
        legs.emplace(communicator, patient, config, *problem, *signals,
                     checkpoints ? &*checkpoints : nullptr);
    auto result = train(communicator, config, *problem, progress, legs ? &*legs : nullptr, beginning);
    watch.reset();
    agreed(patient, invocation, [&] {
        if (!speaks) return;
        run::add_provenance(*result, "real", beginning.utc, beginning.passed_s());
        warn_of_emulation(*result);
        run::deliver(*result);
        if (legs && legs->is_stopped()) let_launcher_pass_on_result();
        if (checkpoints) checkpoints->close(*result);
    });
    return legs && legs->is_stopped() ? base::ExitStatus::interrupted : base::ExitStatus::success;
}

}  // namespace lockstep::real
