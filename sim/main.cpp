// lockstep-sim: one run in the simulated world.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/folder_lock.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "base/process/serving.hpp"
#include "calibration/program.hpp"
#include "calibration/use.hpp"
#include "result/estimate.hpp"
#include "result/time_range.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/command.hpp"
#include "run/event_recording.hpp"
#include "run/kept_dataset.hpp"
#include "run/load_problem.hpp"
#include "run/rehearsal.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"
#include "sim/check/platform_check.hpp"
#include "sim/last_words.hpp"
#include "sim/simulated_run.hpp"
#include "sim/simulation.hpp"
#include "sim/trust/expected_error.hpp"

namespace {

using namespace lockstep;

constexpr std::string_view program_name = "lockstep-sim";

double wall_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What lockstep tells of runs that it has made beside this one, if it has.
std::optional<result::TimesBeside> times_beside() {
    const char* told =
        std::getenv(result::times_beside_variable);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
    if (told == nullptr) return {};
    return result::times_beside_from_json(told);
}

using Calibration = std::optional<scenario::CalibrationFile>;

Calibration calibration_of(const scenario::Config& config) {
    if (!scenario::is_calibrated(config)) return {};
    return scenario::read_calibrations(config);
}

/// Where its time lies among theirs and by what its calibration knows of itself, and how far off it may be;
/// of a run that came to no end nothing.
void add_what_is_known_of_time(result::Result& result, const std::optional<result::TimesBeside>& beside,
                               const Calibration& calibration, const run::Problem& problem) {
    const result::Outcome outcome = result.summary.outcome;
    if (outcome == result::Outcome::stalled || outcome == result::Outcome::interrupted) return;
    if (beside) {
        result.time_range = result::time_range(*beside, result.summary.elapsed_s);
        result.calibration_range = result::calibration_range(*beside, result.summary.elapsed_s);
    }
    result.expected_error =
        sim::expected_error(calibration ? &*calibration : nullptr, result.config, problem);
}

/// What the calibration does not know of this run, if it is on one: told before it begins.
std::vector<std::string> warn_of_calibration(const Calibration& calibration, const scenario::Config& config,
                                             const run::Problem& problem) {
    if (!calibration) return {};
    std::vector<std::string> warnings = calibration::warnings_of_use(*calibration, config, problem);
    for (const std::string& warning : warnings)
        base::print_to_stderr(fmt::format("{}: warning: {}\n", program_name, warning));
    return warnings;
}

base::ExitStatus run_once(const scenario::Config& config, const run::KeptDataset& kept) {
    const std::string started_utc = run::utc_now();
    const double began_s = wall_clock_s();
    const std::optional<result::TimesBeside> beside = times_beside();
    sim::check_platform(config);
    const run::Problem problem = run::load_problem(config, kept.of(config));
    const base::FolderLock lock("--out", config.out);
    const Calibration calibration = calibration_of(config);
    std::vector<std::string> warnings = warn_of_calibration(calibration, config, problem);
    run::prepare_event_files(config);
    std::optional<run::Checkpoints> checkpoints;
    if (!config.checkpoint.empty())
        checkpoints.emplace(config, problem, program_name, "simulated", wall_clock_s);
    run::Progress progress = run::wants_progress(config) ? run::Progress(wall_clock_s) : run::Progress();
    result::Result result =
        sim::run_simulated(config, problem, progress, checkpoints ? &*checkpoints : nullptr);
    run::add_provenance(result, "simulated", started_utc, wall_clock_s() - began_s);
    result.provenance.calibration_warnings = std::move(warnings);
    add_what_is_known_of_time(result, beside, calibration, problem);
    run::deliver(result);
    if (checkpoints) checkpoints->close(result);
    return result.summary.outcome == result::Outcome::interrupted ? base::ExitStatus::interrupted
                                                                  : base::ExitStatus::success;
}

void calibrate(const scenario::Invocation& invocation) {
    const calibration::Request request = calibration::read_request(invocation);
    sim::check_platform(invocation.config);
    const run::Problem problem = run::load_problem(invocation.config);
    const auto standstill = sim::simulate(invocation.config, [&](comm::Communicator& communicator) {
        calibration::calibrate(communicator, invocation.config, problem, request);
    });
    if (standstill)
        throw base::EnvironmentError(fmt::format("calibration came to a standstill{}{}",
                                                 standstill->reason.empty() ? "" : ": ", standstill->reason));
}

void estimate(const scenario::Config& config, const run::KeptDataset& kept) {
    sim::check_platform(config);
    run::Rehearsal rehearsal(config, wall_clock_s, kept.of(config));
    const result::Result rehearsed =
        sim::run_simulated(rehearsal.config(), rehearsal.problem(), rehearsal.progress());
    base::print_to_stdout(result::to_json(rehearsal.estimate(rehearsed)));
}

int run_command(std::span<const std::string> arguments, const run::KeptDataset& kept) {
    const std::string_view word = arguments.empty() ? std::string_view() : arguments.front();
    const bool calibrates = word == calibration::command_word;
    const bool estimates = word == result::estimate_word;
    const auto extra = calibrates ? calibration::options() : std::vector<scenario::ExtraOption>();
    scenario::Invocation invocation =
        scenario::parse(arguments.subspan(calibrates || estimates ? 1 : 0), extra);
    if (calibrates) scenario::choose_method_for_workers(invocation);
    auto status = base::ExitStatus::success;
    if (invocation.help) {
        base::print_to_stdout(
            scenario::help("lockstep-sim [calibrate|estimate] [SCENARIO.ini] [--key value ...]: one "
                           "simulated run, calibration, "
                           "or estimate",
                           scenario::all_groups, extra, "Calibration"));
    } else if (invocation.version) {
        base::print_to_stdout(fmt::format("lockstep-sim {} ({})\n", base::version(), base::git_revision()));
    } else {
        scenario::require_simulated_world(invocation);
        scenario::validate(invocation);
        scenario::naming_file(invocation, [&] {
            scenario::require_calibrated_model(invocation.config);
            base::warn_of_copies(program_name);
            if (calibrates)
                calibrate(invocation);
            else if (estimates)
                estimate(invocation.config, kept);
            else
                status = run_once(invocation.config, kept);
        });
    }
    return static_cast<int>(status);
}

/// What is wrong with them the run itself will tell.
void expect(std::span<const std::string> words, run::KeptDataset& kept) {
    try {
        const bool estimates = !words.empty() && words.front() == result::estimate_word;
        kept.expect(scenario::parse(words.subspan(estimates ? 1 : 0)).config);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): see above
    }
}

int run_program(std::span<const std::string> words, const run::KeptDataset& kept) {
    return base::run_program(program_name, [&] {
        try {
            return run_command(words, kept);
        } catch (const base::Error&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {  // SimGrid's go over several lines
            throw base::EnvironmentError(sim::one_line(error.what()));
        }
    });
}

/// Serves lockstep, which makes many runs. A child ends without taking apart what it has in common with the
/// server.
int serve() {
    run::KeptDataset kept;
    std::optional<base::Words> of_child;
    const int status = base::run_program(program_name, [&] {
        of_child = base::serve([&](const base::Words& words) { expect(words, kept); });
        return 0;
    });
    if (of_child) std::_Exit(run_program(*of_child, kept));
    return status;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() == 1 && words.front() == base::serve_word) return serve();
    return run_program(words, {});
}
