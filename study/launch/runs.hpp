#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "result/result.hpp"
#include "scenario/config.hpp"
#include "study/launch/launcher.hpp"

namespace lockstep::study {

/// One of several runs: what is asked for, then what became of it.
struct Run {
    std::string name;
    scenario::Config config;
    std::string out;              ///< folder in which the program itself leaves its files; empty: none
    bool oversubscribed = false;  ///< its ranks shared cores: its time is no measurement
    std::optional<result::Result> result;
    std::string failure;  ///< where there is no result
};

/// How many simulated runs take place at the same time, and with how many threads of --threads each (as
/// given: 0 is a fair share of the cores).
struct Parallelism {
    std::size_t at_once;
    std::size_t threads;
};
Parallelism share_cores(std::size_t cores, std::size_t runs, std::size_t threads_given);
/// That of do_runs(): real runs are made one after another.
Parallelism parallelism_of(std::size_t runs, std::size_t threads_given, World world);

/// Hears how many runs have ended.
using OnRunDone = std::function<void(std::size_t done)>;

/// Does every run: simulated ones several at a time, which changes no result; real ones one after another. A
/// run that fails has its `failure` filled in. `noun` says in messages what a run is: `row`.
/// Errors: InputError with the message of the first run that refuses its input, EnvironmentError, also where
/// the first real run shows that mpirun starts none, Interrupted.
void do_runs(std::span<Run> runs, const Launcher& launcher, std::string_view noun,
             const OnRunDone& on_run_done);

/// Shows on stderr how many of `runs` have ended, at what rate, and the time left, where `config` says so:
/// one line, overwritten by the next and gone in the end.
OnRunDone progress_line(const scenario::Config& config, std::size_t runs, std::string_view nouns);

/// Tells on stderr why runs have no result. Returns the exit status that they make.
int report_failures(std::span<const Run> runs, std::string_view noun);

}  // namespace lockstep::study
