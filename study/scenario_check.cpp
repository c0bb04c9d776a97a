#include "study/scenario_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/batch_order.hpp"
#include "data/source.hpp"
#include "scenario/applicability.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"

namespace lockstep::study {

void require_world(const scenario::Invocation& invocation, World world) {
    if (world == World::real)
        scenario::require_real_world(invocation);
    else
        scenario::require_simulated_world(invocation);
}

void check_scenario(const scenario::Invocation& invocation, World world) {
    const scenario::Config& config = invocation.config;
    require_world(invocation, world);
    scenario::validate(invocation);
    scenario::naming_file(invocation, [&] {
        if (world == World::simulated) scenario::require_calibrated_model(config);
        const data::DatasetShape shape =
            data::shape(config.data, config.train_samples, config.test_samples,
                        scenario::timing_only(config) ? data::Purpose::counting : data::Purpose::loading);
        [[maybe_unused]] const data::BatchOrder deals(config.partition, shape.train_samples, config.workers,
                                                      config.batch, config.seed);
    });
}

void check_scenarios(const scenario::Invocation& invocation, std::span<const scenario::Config> configs,
                     World world, std::string_view what) {
    require_world(invocation, world);
    for (const scenario::Applicability& entry : scenario::applicabilities())
        if (invocation.given_on_command_line(entry.key) && std::ranges::none_of(configs, entry.holds))
            throw base::InputError(fmt::format("--{}: it applies only {}, which is no {}; remove it",
                                               entry.key, entry.where, what));
    scenario::Invocation of_run = invocation;
    std::erase_if(of_run.file_keys, [&](const auto& key) { return invocation.given_on_command_line(key); });
    of_run.command_line_keys.clear();  // seen above, for all runs together
    if (invocation.given_on_command_line("platform")) of_run.command_line_keys = {"platform"};
    for (const scenario::Config& config : configs) {
        of_run.config = config;
        check_scenario(of_run, world);
    }
}

void refuse_order_files(const scenario::Invocation& invocation, std::string_view command, Replays replays) {
    const auto refuse = [&](std::string_view key, const std::string& value, std::string_view why) {
        if (value.empty()) return;
        const bool in_file = !invocation.given_on_command_line(key);
        throw base::InputError(
            in_file ? fmt::format("{}: {}", invocation.file, key) : fmt::format("--{}", key), value,
            fmt::format("nothing with {}", command), why);
    };
    refuse("record", invocation.config.record, "its runs would write one file; record single runs");
    refuse("checkpoint", invocation.config.checkpoint,
           "its runs would write into one folder; keep checkpoints of single runs");
    refuse("paje", invocation.config.paje, "its runs would write one file; trace single runs");
    if (replays == Replays::refused)
        refuse("replay", invocation.config.replay, "an order is of one method; replay single runs");
}

}  // namespace lockstep::study
