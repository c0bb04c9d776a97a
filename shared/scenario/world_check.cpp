#include "scenario/world_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

void require_possible_multiples(const Config& config) {
    if (config.emulate_speed_flops) return;
    for (const double multiple : config.speed_multiples)
        if (multiple > 1)
            throw InputError("--speeds", fmt::format("{}", multiple),
                             "multiples of at most 1 in the real world without --emulate-speed",
                             "no processor can be made faster than it is");
}

}  // namespace

void require_real_world(const Invocation& invocation) {
    if (is_phantom(invocation.config))
        throw InputError("--model", invocation.config.model,
                         "fully-connected, since this is a run in the real world",
                         "phantom models are simulated: lockstep sim");
    if (invocation.config.numerics == Numerics::none)
        throw InputError("--numerics", "none", "real, since this is a run in the real world",
                         "timing-only runs are simulated: lockstep sim");
    require_possible_multiples(invocation.config);
    for (const Option& option : options()) {
        if (has_use_for(option, World::real, invocation.config) ||
            !invocation.given_on_command_line(option.key) || option.key == "numerics")
            continue;
        const bool may_be_emulated = option.group == Group::slowness;
        throw InputError(
            fmt::format("--{}", option.key), option.kind.get(invocation.config),
            may_be_emulated
                ? "with --emulate-speed or in the simulated world, since a real run takes the processors "
                  "there are"
                : "only in the simulated world, since a real run takes the processors and links there are",
            may_be_emulated ? "add for example --emulate-speed 50Mf" : "leave it out, or run lockstep sim");
    }
}

void require_simulated_world(const Invocation& invocation) {
    for (const Option& option : options())
        if (!has_use_for(option, World::simulated, invocation.config) &&
            invocation.given_on_command_line(option.key))
            throw InputError(
                fmt::format("--{}", option.key), option.kind.get(invocation.config),
                option.group == Group::emulation
                    ? "only in the real world, since simulated processors have the speed of --speed"
                    : "only in the real world",
                "leave it out, or run lockstep real");
}

}  // namespace lockstep::scenario
