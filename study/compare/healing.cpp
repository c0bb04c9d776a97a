#include "study/compare/healing.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/options/options.hpp"
#include "study/launch/output_folder.hpp"
#include "study/scenario_check.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;

constexpr std::string_view key = "without-straggler";
constexpr std::string_view option = "--without-straggler";
constexpr std::string_view all = "all";

bool concerns(const std::string& who, const scenario::Straggler& straggler) {
    return who == all || who == std::to_string(straggler.worker);
}

Config healed_config(const Config& config, const std::string& who) {
    Config healed = config;
    const auto removed =
        std::erase_if(healed.stragglers, [&](const auto& straggler) { return concerns(who, straggler); });
    if (removed == 0)
        throw InputError(option, who, "with a --straggler to heal",
                         who == all ? "give one, for example --straggler worker=0,factor=4"
                                    : fmt::format("worker {} has none", who));
    return healed;
}

std::string folder_in(const std::string& out, const std::string& name) {
    return out.empty() ? std::string() : (std::filesystem::path(out) / name).string();
}

void require_result(const Run& run) {
    if (!run.result) throw base::EnvironmentError(fmt::format("{} run: {}", run.name, run.failure));
}

double time_of(const result::Summary& summary) {
    return summary.outcome == result::Outcome::stalled ? std::numeric_limits<double>::quiet_NaN()
                                                       : summary.elapsed_s;
}

std::string rendered(const Healing& healing) {
    switch (healing.actual.config.format) {
        case scenario::Format::json:
            return to_json(healing);
        case scenario::Format::csv:
            return to_csv(healing);
        case scenario::Format::table:
            return to_text(healing);
    }
    return {};
}

}  // namespace

double Cost::percent() const {
    return healed == 0 ? std::numeric_limits<double>::quiet_NaN() : 100 * difference() / healed;
}

std::vector<Cost> costs(const Healing& healing) {
    const result::Summary& actual = healing.actual.result->summary;
    const result::Summary& healed = healing.healed.result->summary;
    return {{"elapsed_s", time_of(actual), time_of(healed)},
            {"time_to_target_s", actual.time_to_target_s.value, healed.time_to_target_s.value},
            {"test_accuracy", actual.test_accuracy, healed.test_accuracy},
            {"wait_share", actual.wait_share, healed.wait_share},
            {"mean_staleness", actual.mean_staleness, healed.mean_staleness},
            {"energy_J", actual.energy_J, healed.energy_J}};
}

bool asks_for_healing(const scenario::Invocation& invocation) {
    const std::string& who = invocation.extra.at(std::string(key));
    if (who.empty() && !invocation.given_on_command_line(key)) return false;
    if (who == all) return true;
    constexpr std::string_view allowed = "all, or the number of a worker";
    option::parse_whole(option, who, {0, invocation.config.workers - 1}, allowed);
    return true;
}

int run_healing(const scenario::Invocation& invocation) {
    refuse_order_files(invocation, "--without-straggler", Replays::allowed);
    const Config& config = invocation.config;
    const Config healed = healed_config(config, invocation.extra.at(std::string(key)));
    std::array<Run, 2> runs{{{"actual", config, folder_in(config.out, "actual"), false, {}, {}},
                             {"healed", healed, folder_in(config.out, "healed"), false, {}, {}}}};
    const Launcher launcher(World::simulated);
    OutputFolder folder(config.out);
    const OnRunDone progress = progress_line(config, runs.size(), "runs");
    progress(0);
    do_runs(runs, launcher, "run", progress);
    for (const Run& run : runs) require_result(run);
    folder.close();
    base::print_to_stdout(rendered({std::move(runs[0]), std::move(runs[1])}));
    return 0;
}

}  // namespace lockstep::study
