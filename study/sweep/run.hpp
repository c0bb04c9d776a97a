#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "study/launch/launcher.hpp"
#include "study/launch/runs.hpp"
#include "study/sweep/folder.hpp"
#include "study/sweep/plan.hpp"

namespace lockstep::study {

/// How many runs of a sweep have ended.
struct SweepProgress {
    std::size_t runs = 0;
    std::size_t done = 0;     ///< those found and those that failed included
    std::size_t found = 0;    ///< made by an earlier start
    std::size_t failed = 0;   ///< those refused included
    std::size_t refused = 0;  ///< by their check, before anything ran
};

/// How the runs of a sweep are made. None of it changes a result.
struct SweepManner {
    std::size_t jobs = 1;
    std::size_t threads = 0;  ///< of each run; 0: its share of the cores
    std::string data_cache;
    scenario::Events events = scenario::Events::none;
};

/// Of so many runs.
Parallelism parallelism_of(const SweepManner& manner, std::size_t runs);

/// What runs a sweep, for SweepPlan: lockstep's version and revision, and for sources that no revision names
/// the program itself.
std::string program_identity(const Launcher& launcher);

/// Fills in the summary or failure of every run: takes results that the folder has, makes the others (with a
/// warning of a file that is damaged or of another run), several at a time, and keeps each as soon as it is
/// there. A run that its check refused is not made. `on_progress` hears of the state at first and after each
/// run. Errors: EnvironmentError where a result cannot be kept, Interrupted.
void run_sweep(SweepPlan& plan, const SweepFolder& folder, const Launcher& launcher,
               const SweepManner& manner, const std::function<void(const SweepProgress&)>& on_progress);

}  // namespace lockstep::study
