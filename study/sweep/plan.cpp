#include "study/sweep/plan.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "data/source.hpp"
#include "scenario/applicability.hpp"
#include "study/result_option.hpp"
#include "study/scenario_check.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Invocation;

/// The configuration with defaults for all that has no effect on the result.
Config determining(const Config& config) {
    Config result;
    for (const scenario::Option& option : scenario::options())
        if (determines_result(option) && scenario::applies(option.key, config))
            option.kind.set(result, fmt::format("--{}", option.key), option.kind.get(config));
    return result;
}

std::size_t count_points(const SweepPlan& plan) {
    std::size_t points = 1;
    for (const SweepAxis& axis : plan.axes) {
        points *= axis.alternatives.size();
        if (points * plan.replicates > sweep_runs_max)
            throw InputError("--sweep",
                             fmt::format("axes that make {} runs or more", points * plan.replicates),
                             fmt::format("at most {} runs", sweep_runs_max), "sweep fewer values");
    }
    return points;
}

void check_request(const Invocation& invocation, const SweepPlan& plan) {
    if (plan.axes.empty() && plan.replicates == 1)
        throw InputError("--sweep", "", "at least one axis, or --replicates above 1",
                         "write for example --sweep latency=10us,1ms");
    for (const scenario::Option* option : plan.swept())
        if (invocation.given_on_command_line(option->key))
            throw InputError(fmt::format("--{}: it is swept, too; remove one of the two", option->key));
    if (plan.replicates == 1) return;
    if (plan.varies("seed"))
        throw InputError("--replicates", std::to_string(plan.replicates), "1 where seed is swept",
                         "replicates are runs of other seeds");
    if (invocation.config.seed > std::numeric_limits<std::uint64_t>::max() - plan.replicates)
        throw InputError("--seed", std::to_string(invocation.config.seed),
                         "a seed with room for those of the replicates above it");
}

/// A key that is swept or on the command line must have an effect somewhere.
void check_effects(const Invocation& invocation, const SweepPlan& plan) {
    for (const scenario::Applicability& entry : scenario::applicabilities()) {
        const bool is_swept = plan.varies(entry.key);
        if (!is_swept && !invocation.given_on_command_line(entry.key)) continue;
        const auto applies = [&](const SweepRun& run) { return entry.holds(run.config); };
        if (std::ranges::none_of(plan.runs, applies))
            throw InputError(
                fmt::format("--{}{}: it applies only {}, which is no run of the sweep; remove it",
                            is_swept ? "sweep " : "", entry.key, entry.where));
    }
}

/// Contents of the files that a run reads: an edited file makes another run.
class FileDigests {
  public:
    std::string of(const Config& config) {
        std::string digests;
        for (const std::string& file : scenario::platform_files(config)) digests += of(file);
        if (!config.hostfile.empty()) digests += of(config.hostfile);
        for (const std::filesystem::path& file : data_files(config)) digests += of(file.string());
        if (scenario::replays_order(config)) digests += of(config.replay);
        for (const scenario::SpeedProfile& profile : config.speed_profiles) digests += of(profile.file);
        return digests;
    }

  private:
    const std::string& of(const std::string& file) {
        const auto known = digests_.find(file);
        return known != digests_.end() ? known->second : digests_.emplace(file, read(file)).first->second;
    }

    static std::vector<std::filesystem::path> data_files(const Config& config) {
        try {
            return data::files(config.data);
        } catch (const base::Error&) {
            return {};  // the run's check tells
        }
    }

    static std::string read(const std::string& file) {
        try {
            return base::digest_of_bytes(base::read_file(file));
        } catch (const base::Error&) {
            return "unreadable";  // the run's check tells
        }
    }

    std::map<std::string, std::string> digests_;
};

std::string identity(const Config& config, const std::string& program, FileDigests& files) {
    std::string text = program + '\n' + files.of(config) + '\n';
    for (const std::string& argument : scenario::to_arguments(config, World::simulated))
        text += argument + '\n';
    return base::digest_of_bytes(text);
}

/// A file that has a platform and keys of the generated one contradicts itself.
bool file_may_contradict_itself(const Invocation& invocation, const SweepPlan& plan) {
    return invocation.given_in_file("platform") && !invocation.given_on_command_line("platform") &&
           !plan.varies("platform");
}

/// What is wrong with a run's scenario, or nothing.
std::string check(const Invocation& of_run) {
    try {
        check_scenario(of_run, World::simulated);
    } catch (const InputError& problem) {
        return problem.what();
    }
    return {};
}

Config config_of(const SweepPlan& plan, std::size_t point, std::size_t replicate) {
    Config config = plan.base;
    const auto options = plan.swept();
    const auto values = plan.values(point);
    for (std::size_t i = 0; i < options.size(); ++i)
        options[i]->kind.set(config, fmt::format("--sweep {}", options[i]->key), values[i]);
    config.seed += replicate;
    return config;
}

void add_runs(SweepPlan& plan, const Invocation& invocation, const std::string& program) {
    std::map<std::string, std::size_t> known;
    FileDigests files;
    Invocation of_run;
    of_run.file = invocation.file;
    if (file_may_contradict_itself(invocation, plan)) of_run.file_keys = invocation.file_keys;
    const std::size_t points = count_points(plan);
    for (std::size_t point = 0; point < points; ++point)
        for (std::size_t replicate = 0; replicate < plan.replicates; ++replicate) {
            const Config asked_for = config_of(plan, point, replicate);
            Config config = determining(asked_for);
            std::string id = identity(config, program, files);
            const auto [entry, is_new] = known.emplace(id, plan.runs.size());
            if (is_new) {
                of_run.config = of_run.file_keys.empty() ? config : asked_for;
                plan.runs.push_back({std::move(id), std::move(config), std::nullopt, check(of_run)});
            }
            plan.rows.push_back({point, replicate, entry->second});
        }
}

}  // namespace

bool SweepPlan::varies(std::string_view key) const {
    return std::ranges::any_of(axes, [&](const SweepAxis& axis) { return axis.varies(key); });
}

std::vector<const scenario::Option*> SweepPlan::swept() const {
    std::vector<const scenario::Option*> options;
    for (const SweepAxis& axis : axes)
        options.insert(options.end(), axis.options.begin(), axis.options.end());
    return options;
}

std::vector<std::string> SweepPlan::values(std::size_t point) const {
    std::size_t stride = 1;
    for (const SweepAxis& axis : axes) stride *= axis.alternatives.size();
    std::vector<std::string> values;
    for (const SweepAxis& axis : axes) {
        stride /= axis.alternatives.size();
        const auto& part = axis.alternatives[point / stride % axis.alternatives.size()];
        values.insert(values.end(), part.begin(), part.end());
    }
    return values;
}

SweepPlan plan_sweep(const Invocation& invocation, std::vector<SweepAxis> axes, std::size_t replicates,
                     const std::string& program) {
    SweepPlan plan{invocation.config, std::move(axes), replicates, {}, {}};
    check_request(invocation, plan);
    add_runs(plan, invocation, program);
    check_effects(invocation, plan);
    for (SweepRun& run : plan.runs) run.is_refused = !run.failure.empty();
    require_any_run(plan);
    return plan;
}

void restrict_to(SweepPlan& plan, Shard shard) {
    if (shard.count > plan.points())
        throw InputError("--shard", fmt::format("{}/{}", shard.number, shard.count),
                         fmt::format("at most as many shards as the sweep has points, {}", plan.points()),
                         "split it into fewer");
    std::vector<std::optional<std::size_t>> places(plan.runs.size());
    std::vector<SweepRun> runs;
    const std::size_t last_axis = plan.axes.empty() ? 1 : plan.axes.back().alternatives.size();
    std::erase_if(plan.rows, [&](const SweepRow& row) { return !shard.has(row.point, last_axis); });
    for (SweepRow& row : plan.rows) {
        std::optional<std::size_t>& place = places[row.run];
        if (!place) {
            place = runs.size();
            runs.push_back(std::move(plan.runs[row.run]));
        }
        row.run = *place;
    }
    plan.runs = std::move(runs);
}

void require_any_run(const SweepPlan& plan) {
    if (std::ranges::all_of(plan.runs, &SweepRun::is_refused))
        throw InputError(
            fmt::format("no run of the sweep can be made; the first: {}", plan.runs.front().failure));
}

}  // namespace lockstep::study
