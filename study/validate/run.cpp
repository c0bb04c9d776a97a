#include "study/validate/run.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/alike_runs.hpp"
#include "study/launch/child_process.hpp"
#include "study/validate/reference.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

/// A calibration is a real run, and none of the validation's output.
std::vector<std::string> keys_without_use(const scenario::Config& config) {
    std::vector<std::string> keys{"repeats", "measured", "time-tolerance",   "budget",
                                  "against", "pairs",    "measured-against", "difference-tolerance"};
    for (const scenario::Option& option : scenario::options())
        if (scenario::decides_nothing(option.group) || !concerns_real_runs(option, config))
            keys.emplace_back(option.key);
    return keys;
}

std::vector<Run> planned_runs(const std::string& name, const scenario::Config& config, std::size_t count,
                              const fs::path& out) {
    std::vector<Run> runs(count);
    for (std::size_t i = 0; i < count; ++i) {
        runs[i].name = fmt::format("{}-{}", name, i + 1);
        runs[i].config = config;
        if (!out.empty()) runs[i].out = (out / runs[i].name).string();
    }
    return runs;
}

}  // namespace

std::vector<std::string> calibration_arguments(std::span<const std::string> arguments,
                                               const scenario::Config& config) {
    std::vector<std::string> words{"calibrate"};
    for (std::string& word : scenario::without_keys(arguments, keys_without_use(config)))
        words.push_back(std::move(word));
    return words;
}

fs::path calibrate(std::span<const std::string> arguments, const scenario::Config& config,
                   const fs::path& folder, const std::string& name, double budget_s) {
    ChildCommand command{{fs::read_symlink("/proc/self/exe").string()}, {}};
    for (std::string& word : calibration_arguments(arguments, config))
        command.words.push_back(std::move(word));
    command.words.insert(command.words.end(), {"--name", name, "--folder", folder.string(), "--budget",
                                               fmt::format("{}s", budget_s)});
    const ChildEnd end = run_child(command, Streams::captured);
    if (end.status == static_cast<int>(base::ExitStatus::bad_input))
        throw base::InputError(fmt::format("calibration: {}", failure_of(command, end)));
    if (end.status != 0)
        throw base::EnvironmentError(fmt::format("calibration: {}", failure_of(command, end)));
    fs::path file = folder / (name + ".json");
    if (!fs::exists(file))
        throw base::EnvironmentError(fmt::format(
            "{}: it was written on the first rank's host, and is not seen here; name a folder that all hosts "
            "share by --out, or by TMPDIR where there is none",
            file.string()));
    return file;
}

std::vector<Run> planned_real_runs(const scenario::Config& config, std::size_t repeats, const fs::path& out,
                                   std::string_view prefix) {
    return planned_runs(fmt::format("{}real", prefix), config, repeats, out);
}

std::vector<Run> planned_simulated_runs(std::span<const scenario::Config> platforms, std::size_t repeats,
                                        const fs::path& out, std::string_view prefix) {
    const scenario::Config& first = platforms.front();
    // Emulated processors draw from the same seed in every real run.
    const bool varies = scenario::applies("platform-seed", first) && !emulates_full_speed(first);
    const bool has_ties = !varies && chance_of(first) != Chance::none;
    const std::size_t count = (varies || has_ties) && platforms.size() == 1 ? repeats : platforms.size();
    std::vector<Run> runs = planned_runs(fmt::format("{}simulated", prefix), first, count, out);
    std::uint64_t seed = first.platform_seed.value_or(1);
    for (std::size_t i = 0; i < count; ++i) {
        if (platforms.size() > 1) runs[i].config = platforms[i];
        if (varies) runs[i].config.platform_seed = seed++;
        if (has_ties) runs[i].config = alike(runs[i].config, Chance::ties, i);
    }
    return runs;
}

void make_runs(std::span<Run> runs, const Launcher& launcher, const OnRunDone& on_run_done) {
    do_runs(runs, launcher, "run", on_run_done);
    for (const Run& run : runs) {
        if (!run.result) throw base::EnvironmentError(fmt::format("run {}: {}", run.name, run.failure));
        require_measurement(*run.result, fmt::format("run {}", run.name));
    }
}

}  // namespace lockstep::study
