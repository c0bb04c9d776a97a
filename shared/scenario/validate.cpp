#include "scenario/validate.hpp"

#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

/// Rendering and reading back applies each option's own check to values that did not come from a user.
void check_ranges(const Config& config) {
    Config scratch;
    for (const Option& option : options())
        option.kind.set(scratch, fmt::format("--{}", option.key), option.kind.get(config));
}

void require_readable_platform(const Config& config) {
    if (config.platform.empty()) return;
    try {
        base::read_file(config.platform);
    } catch (const InputError& problem) {
        throw InputError(fmt::format("--platform: {}", problem.what()));
    }
}

bool contradicts(const Invocation& invocation, const Applicability& entry) {
    if (entry.holds(invocation.config)) return false;
    if (invocation.given_on_command_line(entry.key)) return true;
    const bool about_platform = find_option(entry.key)->group == Group::platform;
    return about_platform && invocation.given_in_file(entry.key) &&
           !invocation.given_on_command_line("platform");
}

}  // namespace

void validate(const Config& config) {
    check_ranges(config);
    if (config.method == Method::serial && config.workers != 1)
        throw InputError("--workers", std::to_string(config.workers), "1 with --method serial",
                         "choose another --method for several workers");
    if (!config.speeds_flops.empty() && config.speeds_flops.size() != config.workers)
        throw InputError("--speeds", fmt::format("{} speeds", config.speeds_flops.size()),
                         fmt::format("as many as --workers, which is {}", config.workers),
                         "change one of the two");
    require_readable_platform(config);
    if (!config.out.empty()) base::require_writable_folder("--out", config.out);
}

void validate(const Invocation& invocation) {
    for (const Applicability& entry : applicabilities()) {
        if (!contradicts(invocation, entry)) continue;
        const std::string value = find_option(entry.key)->kind.get(invocation.config);
        const bool in_file = !invocation.given_on_command_line(entry.key);
        throw InputError(fmt::format(
            "{}: given '{}', but it applies only {}; remove it",
            in_file ? fmt::format("{}: {}", invocation.file, entry.key) : fmt::format("--{}", entry.key),
            value, entry.where));
    }
    validate(invocation.config);
}

void require_real_world(const Invocation& invocation) {
    if (invocation.config.numerics == Numerics::none)
        throw InputError("--numerics", "none", "real, since this is a run in the real world",
                         "timing-only runs are simulated: lockstep sim");
    for (const Option& option : options())
        if (option.group == Group::platform && invocation.given_on_command_line(option.key) &&
            option.key != "numerics")
            throw InputError(
                fmt::format("--{}", option.key), option.kind.get(invocation.config),
                "only in the simulated world, since a real run takes the processors and links there are",
                "leave it out, or run lockstep sim");
}

}  // namespace lockstep::scenario
