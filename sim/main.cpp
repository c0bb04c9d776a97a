// lockstep-sim: one run in the simulated world.
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "run/command.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "sim/simulated_run.hpp"

namespace {

using namespace lockstep;

double wall_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void run_once(const scenario::Config& config) {
    const std::string started_utc = run::utc_now();
    const double began_s = wall_clock_s();
    const run::Problem problem = run::load_problem(config);
    run::Progress progress = run::wants_progress(config) ? run::Progress(wall_clock_s) : run::Progress();
    result::Result result = sim::run_simulated(config, problem, progress);
    run::add_provenance(result, "simulated", started_utc, wall_clock_s() - began_s);
    run::deliver(result);
}

int run_command(const std::vector<std::string>& arguments) {
    const scenario::Invocation invocation = scenario::parse(arguments);
    if (invocation.help) {
        base::print_to_stdout(
            scenario::help("lockstep-sim [SCENARIO.ini] [--key value ...]: one run in the simulated world"));
    } else if (invocation.version) {
        base::print_to_stdout(fmt::format("lockstep-sim {} ({})\n", base::version(), base::git_revision()));
    } else {
        scenario::validate(invocation);
        run_once(invocation.config);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run_command({arguments + 1, arguments + count});
    } catch (const lockstep::base::Error& error) {
        fmt::print(stderr, "lockstep-sim: {}\n", error.what());
        return static_cast<int>(error.status());
    } catch (const std::exception& error) {
        fmt::print(stderr, "lockstep-sim: {}\n", error.what());
        return static_cast<int>(lockstep::base::ExitStatus::environment);
    }
}
