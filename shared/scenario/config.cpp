#include "scenario/config.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lockstep::scenario {

bool has_dedicated_server(const Config& config) {
    switch (traits(config.method).server) {
        case ServerUse::never:
            return false;
        case ServerUse::optional:
            return config.server == Server::dedicated;
        case ServerUse::always:
            return true;
    }
    return false;
}

std::size_t rank_count(const Config& config) {
    return config.workers + server_count(config);
}

std::size_t server_count(const Config& config) {
    if (may_have_several_servers(config)) return config.servers;
    return has_dedicated_server(config) ? 1 : 0;
}

bool may_have_several_servers(const Config& config) {
    using enum Method;
    const bool serves_all_of_v_at_once =
        config.method == in_turn || config.method == backup_workers || config.method == softsync;
    return has_dedicated_server(config) && !serves_all_of_v_at_once;
}

bool may_weigh_by_staleness(const Config& config) {
    using enum Method;
    constexpr std::array methods{in_turn, by_arrival, bounded_staleness, softsync, dc_asgd};
    return std::ranges::find(methods, config.method) != methods.end();
}

bool weighs_by_staleness(const Config& config) {
    return config.step_size == StepSize::staleness_aware && may_weigh_by_staleness(config);
}

bool is_deterministic(const Config& config) {
    const bool served_by_arrival = config.method == Method::easgd && has_dedicated_server(config);
    const bool is_in_lockstep =
        config.method == Method::bounded_staleness && config.staleness_bound == std::size_t{0};
    return is_in_lockstep || (traits(config.method).deterministic && !served_by_arrival);
}

bool has_platform_file(const Config& config) {
    return !config.platform.empty() && !config.platform.ends_with(".json");
}

bool has_order(const Config& config) {
    return !is_deterministic(config) || config.method == Method::in_turn ||
           config.method == Method::bounded_staleness;
}

bool records_order(const Config& config) {
    return !config.record.empty() && has_order(config);
}

bool replays_order(const Config& config) {
    return !config.replay.empty() && has_order(config);
}

std::optional<Target> target(const Config& config) {
    if (config.target_accuracy) return Target{Target::Of::accuracy, *config.target_accuracy};
    if (config.target_loss) return Target{Target::Of::loss, *config.target_loss};
    return std::nullopt;
}

std::string to_text(const Target& target) {
    return fmt::format("{}{}", target.of == Target::Of::loss ? "loss " : "", target.value);
}

bool may_stand_still(const Config& config) {
    return !config.failures.empty() || !config.speed_profiles.empty() || has_platform_file(config);
}

bool is_phantom(const Config& config) {
    return config.model != Config{}.model;
}

bool timing_only(const Config& config) {
    return config.numerics == Numerics::none || is_phantom(config);
}

std::uint64_t platform_seed(const Config& config) {
    return config.platform_seed.value_or(config.seed);
}

}  // namespace lockstep::scenario
