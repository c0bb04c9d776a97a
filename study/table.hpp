#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "result/result.hpp"
#include "scenario/config.hpp"
#include "study/launcher.hpp"

namespace lockstep::study {

/// A run of the table: what is asked for, then what became of it.
struct TableRow {
    std::string name;
    scenario::Config config;
    bool oversubscribed = false;  ///< its ranks shared cores: its time is no measurement
    std::optional<result::Result> result;
    std::string failure;  ///< where there is no result
};

/// The report's table.
struct Table {
    World world = World::simulated;
    bool beside_report = false;
    std::size_t cores = 1;  ///< of this machine
    std::vector<TableRow> rows;
};

/// How many simulated rows run at the same time, and with how many threads of --threads each (as given: 0 is
/// a fair share of the cores).
struct Parallelism {
    std::size_t at_once;
    std::size_t threads;
};
Parallelism share_cores(std::size_t cores, std::size_t rows, std::size_t threads_given);

/// Runs every row: simulated ones several at a time, which changes no result; real ones one after another.
/// `on_row_done` hears how many have ended. A row that fails has its `failure` filled in.
/// Errors: InputError with the message of the first row that refuses its input, EnvironmentError,
/// Interrupted.
void run_rows(Table& table, const Launcher& launcher,
              const std::function<void(std::size_t done)>& on_row_done);

}  // namespace lockstep::study
