#include "scenario/validate.hpp"

#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options.hpp"
#include "scenario/slowness.hpp"

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

void require_one_per_worker(const Config& config, std::string_view key, std::size_t count) {
    if (count != 0 && count != config.workers)
        throw InputError(fmt::format("--{}", key), fmt::format("{} {}", count, key),
                         fmt::format("as many as --workers, which is {}", config.workers),
                         "change one of the two");
}

void require_worker(const Config& config, std::string_view key, std::size_t worker) {
    if (worker >= config.workers)
        throw InputError(fmt::format("--{}", key), fmt::format("worker={}", worker),
                         fmt::format("workers 0 to {}", config.workers - 1), "workers count from 0");
}

void require_order(std::string_view key, std::string_view first, double first_s, std::string_view second,
                   double second_s) {
    if (first_s >= second_s)
        throw InputError(fmt::format("--{}", key),
                         fmt::format("{}={},{}={}", first, render_quantity(Quantity::time, first_s), second,
                                     render_quantity(Quantity::time, second_s)),
                         fmt::format("{} before {}", first, second));
}

void check_events(const Config& config) {
    for (const Straggler& straggler : config.stragglers) {
        require_worker(config, "straggler", straggler.worker);
        require_order("straggler", "from", straggler.from_s, "to", straggler.to_s);
    }
    for (const Pause& pause : config.pauses) {
        require_worker(config, "pause", pause.worker);
        require_order("pause", "for", pause.length_s, "every", pause.every_s);
    }
    for (const Failure& failure : config.failures) {
        require_worker(config, "failure", failure.worker);
        require_order("failure", "at", failure.at_s, "back", failure.back_s);
    }
    for (const SpeedProfile& profile : config.speed_profiles) {
        require_worker(config, "speed-profile", profile.worker);
        try {
            SpeedCurve::read(profile.file);
        } catch (const InputError& problem) {
            throw InputError(fmt::format("--speed-profile: {}", problem.what()));
        }
    }
}

void check_model(const Config& config) {
    if (is_phantom(config) && config.method == Method::sync_average &&
        config.collective == Collective::library)
        throw InputError("--collective", "library", "the others, with a phantom --model",
                         "the MPI library's own would need all of its memory");
    if (config.model != "phantom" || (config.parameters >= 1 && config.flops_per_sample >= 1)) return;
    throw InputError(config.parameters < 1 ? "--parameters" : "--flops-per-sample", "nothing",
                     "at least 1 with --model phantom",
                     "write for example --model phantom --parameters 25.6M --flops-per-sample 4.1G");
}

void check_powers(const Config& config) {
    const auto require = [](std::string_view idle, double idle_W, std::string_view busy, double busy_W) {
        if (idle_W > busy_W)
            throw InputError(
                fmt::format("--{}", idle), render_quantity(Quantity::power, idle_W),
                fmt::format("at most --{}, which is {}", busy, render_quantity(Quantity::power, busy_W)));
    };
    require("idle-power", config.idle_power_W, "busy-power", config.busy_power_W);
    require("link-idle-power", config.link_idle_power_W, "link-busy-power", config.link_busy_power_W);
}

bool contradicts(const Invocation& invocation, const Applicability& entry) {
    if (entry.holds(invocation.config)) return false;
    const Option& option = *find_option(entry.key);
    const std::string value = option.kind.get(invocation.config);
    const bool switches_off =
        option.kind.choices.empty() && value == default_text(option) && (value.empty() || value == "none");
    if (invocation.given_on_command_line(entry.key)) return !switches_off;
    const bool about_platform = is_simulated_only(find_option(entry.key)->group);
    return about_platform && invocation.given_in_file(entry.key) &&
           !invocation.given_on_command_line("platform");
}

}  // namespace

void validate(const Config& config) {
    check_ranges(config);
    if (config.method == Method::serial && config.workers != 1)
        throw InputError("--workers", std::to_string(config.workers), "1 with --method serial",
                         "choose another --method for several workers");
    require_one_per_worker(config, "speeds", config.speeds_flops.size());
    require_one_per_worker(config, "latencies", config.latencies_s.size());
    require_one_per_worker(config, "bandwidths", config.bandwidths_Bps.size());
    check_events(config);
    check_model(config);
    check_powers(config);
    require_readable_platform(config);
    if (!config.out.empty()) base::require_writable_folder("--out", config.out);
    if (!config.data_cache.empty()) base::require_writable_folder("--data-cache", config.data_cache);
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
    if (is_phantom(invocation.config))
        throw InputError("--model", invocation.config.model,
                         "fully-connected, since this is a run in the real world",
                         "phantom models are simulated: lockstep sim");
    if (invocation.config.numerics == Numerics::none)
        throw InputError("--numerics", "none", "real, since this is a run in the real world",
                         "timing-only runs are simulated: lockstep sim");
    for (const Option& option : options())
        if (is_simulated_only(option.group) && invocation.given_on_command_line(option.key) &&
            option.key != "numerics")
            throw InputError(
                fmt::format("--{}", option.key), option.kind.get(invocation.config),
                "only in the simulated world, since a real run takes the processors and links there are",
                "leave it out, or run lockstep sim");
}

}  // namespace lockstep::scenario
