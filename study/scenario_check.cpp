#include "study/scenario_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/batch_order.hpp"
#include "data/source.hpp"
#include "scenario/applicability.hpp"
#include "scenario/validate.hpp"

namespace lockstep::study {

void check_scenario(const scenario::Invocation& invocation, World world) {
    const scenario::Config& config = invocation.config;
    if (world == World::real) scenario::require_real_world(invocation);
    scenario::validate(invocation);
    const data::DatasetShape shape =
        data::shape(config.data, config.train_samples, config.test_samples,
                    scenario::timing_only(config) ? data::Purpose::counting : data::Purpose::loading);
    [[maybe_unused]] const data::BatchOrder deals(config.partition, shape.train_samples, config.workers,
                                                  config.batch, config.seed);
}

void check_scenarios(const scenario::Invocation& invocation, std::span<const scenario::Config> configs,
                     World world, std::string_view what) {
    for (const scenario::Applicability& entry : scenario::applicabilities())
        if (invocation.given_on_command_line(entry.key) && std::ranges::none_of(configs, entry.holds))
            throw base::InputError(fmt::format("--{}: it applies only {}, which is no {}; remove it",
                                               entry.key, entry.where, what));
    scenario::Invocation of_run = invocation;
    of_run.command_line_keys.clear();  // seen above, for all runs together
    if (invocation.given_on_command_line("platform")) of_run.command_line_keys = {"platform"};
    for (const scenario::Config& config : configs) {
        of_run.config = config;
        check_scenario(of_run, world);
    }
}

}  // namespace lockstep::study
