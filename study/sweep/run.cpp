#include "study/sweep/run.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/cores.hpp"
#include "base/process/program.hpp"
#include "result/json.hpp"
#include "scenario/parse.hpp"
#include "study/launch/child_process.hpp"

namespace lockstep::study {
namespace {

ChildCommand command_of(const SweepRun& run, const Launcher& launcher, const SweepManner& manner,
                        const SweepFolder& folder) {
    scenario::Config config = run.config;
    config.format = scenario::Format::json;
    config.progress = scenario::Progress::never;
    config.threads = manner.threads;
    config.data_cache = manner.data_cache;
    config.events = manner.events;
    if (config.events != scenario::Events::none) config.out = folder.events(run.id).string();
    return launcher.command(scenario::rank_count(config), scenario::to_arguments(config, World::simulated));
}

/// Takes what earlier starts left; returns the runs that are still to be made.
std::vector<std::size_t> take_finished(SweepPlan& plan, const SweepFolder& folder, scenario::Events events,
                                       SweepProgress& progress) {
    std::vector<std::size_t> missing;
    progress.runs = plan.runs.size();
    for (std::size_t i = 0; i < plan.runs.size(); ++i) {
        SweepRun& run = plan.runs[i];
        if (run.is_refused) {
            ++progress.refused;
        } else if (const KeptRun kept = folder.find(run, events); kept.result) {
            run.summary = kept.result->summary;
            ++progress.found;
        } else {
            if (!kept.problem.empty())
                base::print_message(
                    fmt::format("lockstep: warning: {}; the run is made again", kept.problem));
            missing.push_back(i);
        }
    }
    progress.failed = progress.refused;
    progress.done = progress.refused + progress.found;
    return missing;
}

void take(SweepRun& run, const ChildCommand& command, const ChildEnd& end, const SweepFolder& folder) {
    run.is_refused = end.status == static_cast<int>(base::ExitStatus::bad_input);
    if (end.status != 0) {
        run.failure = failure_of(command, end);
        return;
    }
    try {
        result::Result result = result::from_json(end.output, "its output");
        run.summary = result.summary;
        folder.keep(run.id, std::move(result));
    } catch (const base::InputError& problem) {
        run.failure = problem.what();
    }
}

}  // namespace

std::string program_identity(const Launcher& launcher) {
    const std::string_view revision = base::git_revision();
    std::string identity = fmt::format("lockstep {} ({})", base::version(), revision);
    if (revision.ends_with("-dirty") || revision == "unknown")
        identity += base::digest_of_bytes(base::read_file(launcher.command(1, {}).words.front()));
    return identity;
}

Parallelism parallelism_of(const SweepManner& manner, std::size_t runs) {
    const std::size_t jobs = std::clamp<std::size_t>(runs, 1, manner.jobs);
    return {jobs,
            manner.threads > 0 ? manner.threads : std::max<std::size_t>(1, base::allowed_cores() / jobs)};
}

void run_sweep(SweepPlan& plan, const SweepFolder& folder, const Launcher& launcher,
               const SweepManner& manner, const std::function<void(const SweepProgress&)>& on_progress) {
    SweepProgress progress;
    const std::vector<std::size_t> missing = take_finished(plan, folder, manner.events, progress);
    const Parallelism parallelism = parallelism_of(manner, missing.size());
    SweepManner each = manner;
    each.threads = parallelism.threads;
    std::vector<ChildCommand> commands;
    commands.reserve(missing.size());
    for (const std::size_t i : missing) commands.push_back(command_of(plan.runs[i], launcher, each, folder));
    on_progress(progress);
    run_children(commands, parallelism.at_once, Streams::captured,
                 [&](std::size_t index, const ChildEnd& end) {
                     SweepRun& run = plan.runs[missing[index]];
                     take(run, commands[index], end, folder);
                     ++progress.done;
                     if (!run.summary) ++progress.failed;
                     on_progress(progress);
                     return Next::start_more;
                 });
}

}  // namespace lockstep::study
