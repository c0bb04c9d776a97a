#include "real/runs/calibration.hpp"

#include <optional>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "calibration/program.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/neighbours.hpp"
#include "real/runs/lockstep_real.hpp"
#include "real/trainers.hpp"
#include "run/command.hpp"
#include "run/load_problem.hpp"
#include "scenario/processors.hpp"

namespace lockstep::real {
namespace {

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
    const auto [ranks, cores, hosts, processes] = neighbours();
    if (ranks > cores && !scenario::emulates_all_speeds(config))
        throw base::InputError("calibrate", fmt::format("{} ranks on {}", ranks, backend::describe().host),
                               fmt::format("at most {}, one for each core that they may use", cores),
                               "use fewer --workers, more hosts, or --emulate-speed");
}

}  // namespace

void run_calibration(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    std::optional<run::Problem> problem;
    calibration::Request request;
    agreed(everybody, invocation, [&] {
        request = calibration::read_request(invocation);
        problem.emplace(run::load_problem(invocation.config));
    });
    const scenario::Config config = at_full_speed(invocation.config);
    agreed(everybody, invocation, [&] { require_cores(config); });
    emulate_processor(config, everybody.rank());
    comm::Communicator communicator = trainers(config, program_name, Waits::in_library);
    const bool shows = communicator.rank() == 0 && run::wants_progress(config);
    auto progress = shows ? calibration::Progress(now_s) : calibration::Progress();
    calibration::calibrate(communicator, config, *problem, request, &progress);
}

}  // namespace lockstep::real
