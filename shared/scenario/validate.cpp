#include "scenario/validate.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "exchange/catalogue.hpp"
#include "scenario/applicability.hpp"
#include "scenario/hosts.hpp"
#include "scenario/options/options.hpp"
#include "scenario/order_files.hpp"
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
    try {
        for (const std::string& file : platform_files(config))
            base::require_readable_file(file, base::most_of_tables);
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
        if (changes_too_often(pause.every_s, 1))
            throw InputError(
                "--pause", fmt::format("every={}", render_quantity(Quantity::time, pause.every_s)),
                fmt::format("every={} or more", render_quantity(Quantity::time, shortest_change_s)),
                "each one takes its time to simulate");
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
    if (is_phantom(config) && !config.collective->is_pinned() && applies("collective", config))
        throw InputError("--collective", config.collective.name(), "the others, with a phantom --model",
                         "the MPI library's own would need all of its memory");
    constexpr std::string_view example =
        "write for example --model phantom --parameters 25.6M --flops-per-sample 4.1G";
    if (config.model != "phantom") return;
    if (config.parameters < 1)
        throw InputError("--parameters", render_quantity(Quantity::count, config.parameters),
                         "at least 1 with --model phantom", example);
    if (!config.flops_per_sample)
        throw InputError("--flops-per-sample", "none", "a number, which may be 0, with --model phantom",
                         example);
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

void check_target(const Config& config) {
    if (config.target_accuracy && config.target_loss)
        throw InputError("--target-loss", fmt::format("{}", *config.target_loss),
                         "one target a run, and --target-accuracy is given as well", "remove one of the two");
}

void check_output(const Config& config) {
    if (config.events != Events::none && config.out.empty())
        throw InputError("--events", name(config.events), "none without --out, where they are written",
                         "add for example --out run");
    if (!config.paje.empty()) require_writable_file("--paje", config.paje);
    if (!config.out.empty()) base::require_writable_folder("--out", config.out);
    if (!config.data_cache.empty()) base::require_writable_folder("--data-cache", config.data_cache);
}

void check_checkpoints(const Config& config) {
    if (config.checkpoint.empty()) return;
    if (config.events == Events::full)
        throw InputError("--checkpoint", config.checkpoint, "nothing with --events full",
                         "a run that goes on cannot go on with its files of events; use --events summary");
    if (replays_order(config))
        throw InputError("--checkpoint", config.checkpoint, "nothing with --replay",
                         "a run that is forced to an order is made in one go");
    const auto is_for_good = [](const Failure& failure) { return failure.back_s == for_ever_s; };
    if (has_dedicated_server(config) && std::ranges::any_of(config.failures, is_for_good))
        throw InputError("--checkpoint", config.checkpoint, "nothing with a --failure for good and a server",
                         "the server would wait for that worker before each checkpoint; let it come back");
    base::require_writable_folder("--checkpoint", config.checkpoint);
}

bool contradicts(const Invocation& invocation, const Applicability& entry) {
    if (entry.holds(invocation.config)) return false;
    const Option& option = *find_option(entry.key);
    const std::string value = option.kind.get(invocation.config);
    const bool switches_off =
        option.kind.choices.empty() && value == default_text(option) && (value.empty() || value == "none");
    if (invocation.given_on_command_line(entry.key)) return !switches_off;
    const bool about_platform = is_about_platform(find_option(entry.key)->group);
    return about_platform && invocation.given_in_file(entry.key) &&
           !invocation.given_on_command_line("platform");
}

}  // namespace

void validate(const Config& config) {
    check_ranges(config);
    require_one_per_worker(config, "speeds", config.speeds_flops.size() + config.speed_multiples.size());
    require_one_per_worker(config, "latencies", config.latencies_s.size());
    require_one_per_worker(config, "bandwidths", config.bandwidths_Bps.size());
    exchange::check(*method_of(config), team_of(config));
    check_order_files(config);
    check_events(config);
    check_model(config);
    check_powers(config);
    check_target(config);
    require_readable_platform(config);
    if (has_platform_file(config)) read_hosts(config);
    check_output(config);
    check_checkpoints(config);
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
    naming_file(invocation, [&] { validate(invocation.config); });
}

void naming_file(const Invocation& invocation, base::FunctionRef<void()> check) {
    try {
        check();
    } catch (const InputError& problem) {
        const std::string_view message = problem.what();
        if (!message.starts_with("--")) throw;
        const std::string_view key = message.substr(2, message.find_first_of(" :") - 2);
        if (!invocation.given_in_file(key) || invocation.given_on_command_line(key)) throw;
        throw InputError(fmt::format("{}: {}", invocation.file, message.substr(2)));
    }
}

void choose_method_for_workers(Invocation& invocation) {
    const bool is_given = invocation.given_on_command_line("method") || invocation.given_in_file("method");
    if (!is_given && invocation.config.workers > 1) invocation.config.method = "sync-average";
}

}  // namespace lockstep::scenario
