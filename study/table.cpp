#include "study/table.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "result/json.hpp"
#include "scenario/parse.hpp"

namespace lockstep::study {
namespace {

ChildCommand command_of(const TableRow& row, const Launcher& launcher, std::size_t threads) {
    scenario::Config config = row.config;
    config.format = scenario::Format::json;
    config.progress = scenario::Progress::never;
    config.out.clear();
    if (launcher.world() == World::real) {
        constexpr std::array simulated_only{scenario::Group::processors, scenario::Group::network,
                                            scenario::Group::simulation};
        return launcher.command(scenario::rank_count(config), scenario::to_arguments(config, simulated_only));
    }
    config.threads = threads;
    return launcher.command(scenario::rank_count(config), scenario::to_arguments(config));
}

void take(TableRow& row, const ChildCommand& command, const ChildEnd& end) {
    if (end.status != 0) {
        row.failure = failure_of(command, end);
        return;
    }
    try {
        row.result = result::from_json(end.output, "its output");
        row.oversubscribed = row.result->provenance.oversubscribed;
    } catch (const base::InputError& problem) {
        row.failure = problem.what();
    }
}

}  // namespace

Parallelism share_cores(std::size_t cores, std::size_t rows, std::size_t threads_given) {
    const std::size_t fair = std::max<std::size_t>(1, cores / std::max<std::size_t>(1, rows));
    const std::size_t threads = threads_given > 0 ? threads_given : fair;
    return {std::max<std::size_t>(1, cores / threads), threads};
}

void run_rows(Table& table, const Launcher& launcher,
              const std::function<void(std::size_t done)>& on_row_done) {
    const bool simulated = launcher.world() == World::simulated;
    const std::size_t threads_given = table.rows.empty() ? 0 : table.rows.front().config.threads;
    const Parallelism parallelism = share_cores(table.cores, table.rows.size(), threads_given);
    std::vector<ChildCommand> commands;
    for (const TableRow& row : table.rows) commands.push_back(command_of(row, launcher, parallelism.threads));

    // Rows start in order, so whichever refuses its input, every row before it gets to say the same.
    const TableRow* refused = nullptr;
    std::size_t done = 0;
    run_children(commands, simulated ? parallelism.at_once : 1, Streams::captured,
                 [&](std::size_t index, const ChildEnd& end) {
                     TableRow& row = table.rows[index];
                     take(row, commands[index], end);
                     if (end.status == static_cast<int>(base::ExitStatus::bad_input) &&
                         (refused == nullptr || &row < refused))
                         refused = &row;
                     on_row_done(++done);
                     return refused == nullptr ? Next::start_more : Next::start_no_more;
                 });
    if (refused != nullptr)
        throw base::InputError(fmt::format("row {}: {}", refused->name, refused->failure));
}

}  // namespace lockstep::study
