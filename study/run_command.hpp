#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep sim`: checks the scenario, makes the runs beside it (times_beside()), then runs lockstep-sim
/// with the same arguments. Returns its exit status. With --checkpoint the first SIGINT, SIGTERM or SIGUSR1
/// lets it end by itself.
int run_simulated(std::span<const std::string> arguments);

/// `lockstep real`: checks the scenario, then runs lockstep-real with the same arguments under mpirun, with a
/// rank for each worker and for the server. Returns the program's exit status; throws EnvironmentError where
/// mpirun itself fails. stderr is shown in the end, at once only where progress is. Signals: as
/// run_simulated.
int run_real(std::span<const std::string> arguments);

/// `lockstep calibrate`: measures steps and messages under mpirun; the program itself writes the files.
int run_calibration(std::span<const std::string> arguments);

}  // namespace lockstep::study
