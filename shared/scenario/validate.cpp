#include "scenario/validate.hpp"

#include <bit>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/applicability.hpp"
#include "scenario/graph.hpp"
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
    if (is_phantom(config) && config.collective == Collective::library && applies("collective", config))
        throw InputError("--collective", "library", "the others, with a phantom --model",
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

/// Whose definition or identity would not hold.
void check_optimiser(const Config& config) {
    const MethodTraits& method = traits(config.method);
    const bool admitted =
        config.optimiser == Optimiser::sgd || method.optimisers == OptimiserUse::any ||
        (method.optimisers == OptimiserUse::momentum && config.optimiser == Optimiser::momentum);
    if (admitted) return;
    const std::string_view allowed = method.optimisers == OptimiserUse::sgd ? "sgd" : "sgd or momentum";
    throw InputError("--optimiser", name(config.optimiser),
                     fmt::format("{} with --method {}", allowed, method.name),
                     "docs/algorithms.md says why; allreduce and local-sgd take all three");
}

void check_groups(const Config& config) {
    if (config.method != Method::hierarchical) return;
    if (config.workers % config.groups != 0)
        throw InputError("--groups", std::to_string(config.groups),
                         fmt::format("a divisor of --workers, which is {}", config.workers));
    if (config.period.unit == Period::Unit::steps && config.period.steps % config.group_period != 0)
        throw InputError("--period", std::to_string(config.period.steps),
                         fmt::format("a multiple of --group-period, which is {}", config.group_period));
    if (config.collective == Collective::library)
        throw InputError("--collective", "library", "the others with --method hierarchical",
                         "the MPI library's own runs over all workers, not over groups");
}

void check_buckets(const Config& config) {
    if (config.method != Method::allreduce || config.buckets == 0) return;
    if (config.compression != Compression::none)
        throw InputError("--compression", name(config.compression), "none with --buckets above 0",
                         "codes are made of whole gradients");
    if (config.collective != Collective::ring)
        throw InputError("--collective", name(config.collective), "ring with --buckets above 0",
                         "buckets go around a ring while gradients are computed");
}

/// What travels is coded and rounded by collectives of ours; a code is of a whole gradient, and not all that
/// is sent is one.
void check_compression(const Config& config) {
    using enum Compression;
    if (config.compression == none || !applies("compression", config)) return;
    if (server_count(config) > 1)
        throw InputError("--servers", std::to_string(config.servers),
                         fmt::format("1 with --compression {}", name(config.compression)),
                         "a code is of the whole gradient");
    if (config.method == Method::dc_asgd &&
        (config.compression == top_k || config.compression == power_sgd || config.compression == sign))
        throw InputError("--compression", name(config.compression),
                         "none, qsgd, fp16 or bf16 with --method dc-asgd",
                         "what it corrects are gradients of the size they have");
    const bool owes = config.compression == top_k || config.compression == power_sgd;
    if (owes && config.method == Method::backup_workers && config.backup > 0)
        throw InputError("--compression", name(config.compression),
                         "none, qsgd, sign, fp16 or bf16 with --backup above 0",
                         "what is left out of a code is owed, and a dropped code would not be");
    if (owes && weighs_by_staleness(config))
        throw InputError("--compression", name(config.compression),
                         "none, qsgd, sign, fp16 or bf16 with --step-size staleness-aware",
                         "what is left out of a code is owed, and what a weight takes from it would not be");
    if (config.collective != Collective::library || !applies("collective", config)) return;
    throw InputError("--collective", "library",
                     fmt::format("the others with --compression {}", name(config.compression)),
                     "the MPI library's own sends float32 values, in an order of its choice");
}

void check_elasticity(const Config& config) {
    const double most = 2.0 / static_cast<double>(config.workers);
    if (config.method == Method::easgd && !has_dedicated_server(config) &&
        config.elasticity.value_or(0) > most)
        throw InputError("--elasticity", fmt::format("{}", *config.elasticity),
                         fmt::format("at most 2 / workers, which is {}, without a server", most),
                         "beyond it the shared parameters swing ever farther");
}

void check_server_methods(const Config& config) {
    const auto at_most = [&](std::string_view key, std::size_t value, std::size_t high,
                             std::string_view why) {
        if (value > high)
            throw InputError(fmt::format("--{}", key), std::to_string(value),
                             fmt::format("at most {} with {} workers", high, config.workers), why);
    };
    if (config.method == Method::backup_workers)
        at_most("backup", config.backup, config.workers - 1, "a round needs at least one gradient");
    if (config.method == Method::softsync)
        at_most("splitting", config.splitting, config.workers, "a step needs at least one gradient");
    if (config.method == Method::by_arrival && config.pull_every % config.push_every != 0)
        throw InputError("--pull-every", std::to_string(config.pull_every),
                         fmt::format("a multiple of --push-every, which is {}", config.push_every));
    if (config.method == Method::by_arrival && config.update != UpdateRule::delta &&
        config.pull_every != config.push_every)
        throw InputError("--pull-every", std::to_string(config.pull_every),
                         fmt::format("the same as --push-every, which is {}, unless --update is delta",
                                     config.push_every));
    if (applies("update", config) && config.update == UpdateRule::replace &&
        config.step_size == StepSize::staleness_aware)
        throw InputError("--step-size", "staleness-aware", "constant with --update replace",
                         "a part of a replacement has no meaning; --update mix has one");
}

/// A torus needs rows and columns of at least three, a hypercube a power of two.
void check_graph(const Config& config) {
    if (config.method != Method::gossip) return;
    const auto refuse = [&](std::string_view allowed) {
        throw InputError("--graph", name(config.graph), allowed,
                         fmt::format("there are {} workers", config.workers));
    };
    if (config.graph == Graph::hypercube && !std::has_single_bit(config.workers))
        refuse("a hypercube needs a power of two of --workers");
    if (config.graph == Graph::torus && torus_shape(config.workers).rows < 3)
        refuse("a torus needs --workers that are a product of two numbers from 3 on, such as 9, 12, 15, 16");
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
    if (config.method == Method::serial && config.workers != 1)
        throw InputError("--workers", std::to_string(config.workers), "1 with --method serial",
                         "choose another --method for several workers");
    require_one_per_worker(config, "speeds", config.speeds_flops.size() + config.speed_multiples.size());
    require_one_per_worker(config, "latencies", config.latencies_s.size());
    require_one_per_worker(config, "bandwidths", config.bandwidths_Bps.size());
    check_optimiser(config);
    check_groups(config);
    check_buckets(config);
    check_compression(config);
    check_elasticity(config);
    check_server_methods(config);
    check_graph(config);
    check_order_files(config);
    check_events(config);
    check_model(config);
    check_powers(config);
    check_target(config);
    require_readable_platform(config);
    if (has_platform_file(config)) read_hosts(config);
    check_output(config);
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

void choose_method_for_workers(Invocation& invocation) {
    const bool is_given = invocation.given_on_command_line("method") || invocation.given_in_file("method");
    if (!is_given && invocation.config.workers > 1) invocation.config.method = Method::sync_average;
}

}  // namespace lockstep::scenario
