#include "study/sweep/command.hpp"

#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/cores.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "base/terminal.hpp"
#include "scenario/options/options.hpp"
#include "study/estimate/estimate.hpp"
#include "study/folder_list.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/progress.hpp"
#include "study/scenario_check.hpp"
#include "study/sweep/axis.hpp"
#include "study/sweep/export.hpp"
#include "study/sweep/folder.hpp"
#include "study/sweep/merge.hpp"
#include "study/sweep/plan.hpp"
#include "study/sweep/progress.hpp"
#include "study/sweep/run.hpp"
#include "study/sweep/summary.hpp"
#include "study/sweep/text.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Invocation;

constexpr std::uint64_t replicates_max = 10'000;
constexpr std::uint64_t jobs_max = 4096;

std::size_t whole_number(const Invocation& invocation, const std::string& key, option::WholeRange range) {
    return option::parse_whole("--" + key, invocation.extra.at(key), range, option::describe(range));
}

void require_folders(const Config& config) {
    if (config.out.empty())
        throw InputError("--out", "", "the folder where the sweep keeps its results",
                         "write for example --out sweep");
    base::require_writable_folder("--out", config.out);
    if (!config.data_cache.empty()) base::require_writable_folder("--data-cache", config.data_cache);
}

/// `I/N`; nothing where it is not given.
std::optional<Shard> parse_shard(const Invocation& invocation) {
    const std::string& given = invocation.extra.at("shard");
    if (given.empty() && !invocation.given_on_command_line("shard")) return std::nullopt;
    constexpr const char* allowed = "I/N, the I-th of N parts, such as 2/8";
    const std::size_t slash = given.find('/');
    try {
        const option::WholeRange range{1, sweep_runs_max};
        const std::string of = slash == std::string::npos ? "" : given.substr(slash + 1);
        const std::size_t count = option::parse_whole("--shard", of, range, "");
        return Shard{option::parse_whole("--shard", given.substr(0, slash), {1, count}, ""), count};
    } catch (const InputError&) {
        throw InputError("--shard", given, allowed);
    }
}

/// The shards of which the sweep is put together, where no run is made.
std::vector<std::filesystem::path> parse_merge(const Invocation& invocation) {
    std::vector<std::filesystem::path> folders = folder_list(invocation, "merge");
    if (folders.empty()) return folders;
    const bool is_shard = !invocation.extra.at("shard").empty();
    if (is_shard || asks_for_estimate(invocation))
        throw InputError(fmt::format("--{}: no run is made with --merge; remove one of the two",
                                     is_shard ? "shard" : "estimate"));
    return folders;
}

std::size_t jobs_of(const Invocation& invocation) {
    const std::size_t jobs = whole_number(invocation, "jobs", {0, jobs_max});
    return jobs == 0 ? base::allowed_cores() : jobs;
}

SweepManner manner_of(const Invocation& invocation, const SweepFolder& folder) {
    const Config& config = invocation.config;
    return {jobs_of(invocation), config.threads,
            config.data_cache.empty() ? folder.data().string() : config.data_cache, config.events};
}

/// Of all runs, those that the folder already has among them.
int show_estimate_of(const SweepPlan& plan, const Invocation& invocation, const Launcher& launcher) {
    std::vector<Config> runs;
    for (const SweepRun& run : plan.runs)
        if (!run.is_refused) runs.push_back(run.config);
    if (runs.empty()) require_any_run(plan);
    SweepManner manner;
    manner.jobs = jobs_of(invocation);
    manner.threads = invocation.config.threads;
    return show_estimate(invocation, runs, parallelism_of(manner, runs.size()), launcher);
}

std::string what_was_written(const SweepPlan& plan, const SweepFolder& folder) {
    return '\n' + base::in_lines(fmt::format(
                      "{} point{} with {} run{} each: every run in {}, every point in {}", plan.points(),
                      plan.points() == 1 ? "" : "s", plan.replicates, plan.replicates == 1 ? "" : "s",
                      (folder.path() / "sweep.csv").string(), (folder.path() / "summary.csv").string()));
}

void deliver(const SweepPlan& plan, const SweepFolder& folder, scenario::Format format) {
    const std::vector<SweepPoint> points = summarise(plan);
    const std::string summary = summary_csv(plan, points);
    folder.write("sweep.csv", sweep_csv(plan));
    folder.write("summary.csv", summary);
    switch (format) {
        case scenario::Format::json:
            return base::print_to_stdout(summary_json(plan, points));
        case scenario::Format::csv:
            return base::print_to_stdout(summary);
        case scenario::Format::table:
            std::vector<std::string> keys;
            for (const scenario::Option* option : plan.swept()) keys.emplace_back(option->key);
            return base::print_to_stdout(to_text(keys, points) + what_was_written(plan, folder));
    }
}

/// One line for each point and message.
int report_failures(const SweepPlan& plan) {
    int status = 0;
    std::optional<std::size_t> point;
    std::string message;
    for (const SweepRow& row : plan.rows) {
        const std::string& failure = plan.runs[row.run].failure;
        if (failure.empty() || (row.point == point && failure == message)) continue;
        point = row.point;
        message = failure;
        base::print_message(fmt::format("lockstep: point {}: {}", row.point + 1, message));
        status = static_cast<int>(base::ExitStatus::environment);
    }
    return status;
}

void warn_of_other_table(const SweepPlan& plan, const SweepFolder& folder) {
    if (folder.has_other_table(sweep_csv_header(plan)))
        base::print_message(fmt::format(
            "lockstep: warning: {} is of a sweep of other keys and will be replaced; its runs stay in {}",
            (folder.path() / "sweep.csv").string(), (folder.path() / "runs").string()));
}

void make_runs(SweepPlan& plan, const SweepFolder& folder, const Launcher& launcher,
               const Invocation& invocation, bool is_shard) {
    SweepProgress reached;
    try {
        auto line =
            wants_progress(invocation.config) ? base::ProgressLine(wall_clock_s) : base::ProgressLine();
        run_sweep(plan, folder, launcher, manner_of(invocation, folder), [&](const SweepProgress& progress) {
            reached = progress;
            if (!line.is_shown()) return;
            line.forewarn(work_done(progress, line.elapsed_s()));
            line.show(describe(progress, line.elapsed_s()));
        });
        if (!is_shard) require_any_run(plan);
    } catch (const Interrupted&) {
        base::print_message(fmt::format(
            "lockstep: interrupted; {} of {} runs are done, the same command goes on with the rest",
            reached.done, reached.runs));
        throw;
    } catch (const InputError&) {
        folder.remove_if_empty();
        throw;
    }
}

/// What is merged stays what it was, and the folder around it holds nothing else.
void require_apart(std::span<const std::filesystem::path> folders, const std::filesystem::path& out) {
    std::error_code ignored;
    for (const std::filesystem::path& folder : folders)
        if (std::filesystem::equivalent(folder, out, ignored) ||
            std::filesystem::equivalent(folder / "..", out, ignored))
            throw InputError("--out", out.string(), "another folder than those that are merged",
                             "nor that in which they are: choose a new one");
}

int merge(SweepPlan& plan, std::span<const std::filesystem::path> folders, const Config& config) {
    require_apart(folders, config.out);
    const SweepShards shards = take_shards(plan, folders, config.events);
    const SweepFolder folder(config.out);
    warn_of_other_table(plan, folder);
    copy_runs(plan, shards, folder, config.events);
    deliver(plan, folder, config.format);
    return report_failures(plan);
}

}  // namespace

int run_sweep_command(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("sweep");
    const auto& extra = page.keys;
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, page)) return 0;
    refuse_order_files(invocation, "lockstep sweep", Replays::allowed);
    const Config& config = invocation.config;
    const std::size_t replicates = whole_number(invocation, "replicates", {1, replicates_max});
    whole_number(invocation, "jobs", {0, jobs_max});
    const std::vector<std::filesystem::path> merged = parse_merge(invocation);
    const std::optional<Shard> shard = parse_shard(invocation);
    std::vector<SweepAxis> axes = parse_sweep_axes(invocation.extra.at("sweep"));
    const bool is_estimated = asks_for_estimate(invocation);
    if (!is_estimated) require_folders(config);
    const Launcher launcher(World::simulated);
    SweepPlan plan = plan_sweep(invocation, std::move(axes), replicates, program_identity(launcher));
    if (shard) restrict_to(plan, *shard);
    if (is_estimated) return show_estimate_of(plan, invocation, launcher);
    base::warn_of_copies("lockstep");
    if (!merged.empty()) return merge(plan, merged, config);
    if (shard) require_no_other_shard(plan, config.out);
    const SweepFolder folder(config.out);
    warn_of_other_table(plan, folder);
    make_runs(plan, folder, launcher, invocation, shard.has_value());
    deliver(plan, folder, config.format);
    return report_failures(plan);
}

}  // namespace lockstep::study
