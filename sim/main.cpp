// lockstep-sim: one run in the simulated world.
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "calibration/program.hpp"
#include "run/command.hpp"
#include "run/event_recording.hpp"
#include "run/load_problem.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"
#include "sim/check/platform_check.hpp"
#include "sim/last_words.hpp"
#include "sim/simulated_run.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace lockstep;

double wall_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void run_once(const scenario::Config& config) {
    const std::string started_utc = run::utc_now();
    const double began_s = wall_clock_s();
    sim::check_platform(config);
    const run::Problem problem = run::load_problem(config);
    run::prepare_event_files(config);
    run::Progress progress = run::wants_progress(config) ? run::Progress(wall_clock_s) : run::Progress();
    result::Result result = sim::run_simulated(config, problem, progress);
    run::add_provenance(result, "simulated", started_utc, wall_clock_s() - began_s);
    run::deliver(result);
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

int run_command(std::span<const std::string> arguments) {
    const bool calibrates = !arguments.empty() && arguments.front() == calibration::command_word;
    const auto extra = calibrates ? calibration::options() : std::vector<scenario::ExtraOption>();
    scenario::Invocation invocation = scenario::parse(arguments.subspan(calibrates ? 1 : 0), extra);
    if (calibrates) scenario::choose_method_for_workers(invocation);
    if (invocation.help) {
        base::print_to_stdout(scenario::help(
            "lockstep-sim [calibrate] [SCENARIO.ini] [--key value ...]: one simulated run, or calibration",
            scenario::all_groups, extra, "Calibration"));
    } else if (invocation.version) {
        base::print_to_stdout(fmt::format("lockstep-sim {} ({})\n", base::version(), base::git_revision()));
    } else {
        scenario::require_simulated_world(invocation);
        scenario::validate(invocation);
        scenario::require_calibrated_model(invocation.config);
        base::warn_of_copies("lockstep-sim");
        calibrates ? calibrate(invocation) : run_once(invocation.config);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    return base::run_program("lockstep-sim", [&] {
        const std::vector<std::string> words(arguments + 1, arguments + count);
        try {
            return run_command(words);
        } catch (const base::Error&) {
            throw;
        } catch (const std::exception& error) {  // SimGrid's go over several lines
            throw base::EnvironmentError(sim::one_line(error.what()));
        }
    });
}
