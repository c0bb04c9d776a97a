#include "study/launch/runs.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/process/cores.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "result/json.hpp"
#include "scenario/parse.hpp"
#include "study/launch/progress.hpp"

namespace lockstep::study {
namespace {

ChildCommand command_of(const Run& run, const Launcher& launcher, std::size_t threads) {
    scenario::Config config = run.config;
    config.format = scenario::Format::json;
    config.progress = scenario::Progress::never;
    config.out = run.out;
    if (run.out.empty()) config.events = scenario::Events::none;
    config.threads = threads;
    return launcher.command(scenario::rank_count(config), scenario::to_arguments(config, launcher.world()));
}

void take(Run& run, const ChildCommand& command, const ChildEnd& end, bool is_simulated) {
    if (end.status != 0 || (!is_simulated && !has_report(end.output))) {
        run.failure = failure_of(command, end);
        return;
    }
    try {
        run.result = result::from_json(end.output, "its output");
        run.oversubscribed = run.result->provenance.oversubscribed;
    } catch (const base::InputError& problem) {
        run.failure = problem.what();
    }
}

}  // namespace

Parallelism share_cores(std::size_t cores, std::size_t runs, std::size_t threads_given) {
    const std::size_t fair = std::max<std::size_t>(1, cores / std::max<std::size_t>(1, runs));
    const std::size_t threads = threads_given > 0 ? threads_given : fair;
    return {std::max<std::size_t>(1, cores / threads), threads};
}

Parallelism parallelism_of(std::size_t runs, std::size_t threads_given, World world) {
    Parallelism parallelism = share_cores(base::allowed_cores(), runs, threads_given);
    if (world == World::real) parallelism.at_once = 1;
    return parallelism;
}

void do_runs(std::span<Run> runs, const Launcher& launcher, std::string_view noun,
             const OnRunDone& on_run_done) {
    base::warn_of_copies("lockstep");
    const bool simulated = launcher.world() == World::simulated;
    const std::size_t threads_given = runs.empty() ? 0 : runs.front().config.threads;
    const Parallelism parallelism = parallelism_of(runs.size(), threads_given, launcher.world());
    std::vector<ChildCommand> commands;
    for (const Run& run : runs) commands.push_back(command_of(run, launcher, parallelism.threads));

    // Runs start in order, so whichever refuses its input, every run before it gets to say the same.
    const Run* refused = nullptr;
    bool is_dead = false;
    std::size_t done = 0;
    run_children(commands, parallelism.at_once, Streams::captured,
                 [&](std::size_t index, const ChildEnd& end) {
                     Run& run = runs[index];
                     take(run, commands[index], end, simulated);
                     is_dead = !simulated && done == 0 && is_launcher_dead(end);
                     if (end.status == static_cast<int>(base::ExitStatus::bad_input) &&
                         (refused == nullptr || &run < refused))
                         refused = &run;
                     on_run_done(++done);
                     return refused == nullptr && !is_dead ? Next::start_more : Next::start_no_more;
                 });
    if (is_dead) throw base::EnvironmentError(runs.front().failure);
    if (refused != nullptr)
        throw base::InputError(fmt::format("{} {}: {}", noun, refused->name, refused->failure));
}

OnRunDone progress_line(const scenario::Config& config, std::size_t runs, std::string_view nouns) {
    if (!wants_progress(config)) return [](std::size_t) {};
    const auto line = std::make_shared<base::ProgressLine>(wall_clock_s);
    return [line, runs, nouns = std::string(nouns)](std::size_t done) {
        if (done >= runs) return line->clear();
        const base::WorkDone work{static_cast<double>(done), static_cast<double>(runs - done),
                                  line->elapsed_s()};
        line->forewarn(work);
        line->show({fmt::format("{} of {} {} done", done, runs, nouns), base::format_rate(work, nouns),
                    base::format_time_left(work)});
    };
}

int report_failures(std::span<const Run> runs, std::string_view noun) {
    int status = 0;
    for (const Run& run : runs) {
        if (run.result) continue;
        base::print_message(fmt::format("lockstep: {} {}: {}", noun, run.name, run.failure));
        status = static_cast<int>(base::ExitStatus::environment);
    }
    return status;
}

}  // namespace lockstep::study
