#include "scenario/config.hpp"

#include <fmt/format.h>

namespace lockstep::scenario {

std::unique_ptr<exchange::Method> method_of(const Config& config) {
    return config.method->make(config);
}

exchange::Team team_of(const Config& config) {
    return {config.workers, config, config.seed};
}

bool has_dedicated_server(const Config& config) {
    return server_count(config) > 0;
}

std::size_t rank_count(const Config& config) {
    return config.workers + server_count(config);
}

std::size_t server_count(const Config& config) {
    return method_of(config)->server_count();
}

bool may_have_several_servers(const Config& config) {
    return config.method->has("servers") && has_dedicated_server(config);
}

bool is_deterministic(const Config& config) {
    return method_of(config)->is_deterministic();
}

bool others_may_go_on(const Config& config) {
    return method_of(config)->others_may_go_on(config) && config.compression->is_plain();
}

bool has_platform_file(const Config& config) {
    return !config.platform.empty() && !config.platform.ends_with(".json");
}

std::vector<std::string> platform_files(const Config& config) {
    constexpr std::string_view joint = ".json,";
    std::vector<std::string> files;
    std::size_t begin = 0;
    for (std::size_t at = config.platform.find(joint); at != std::string::npos;
         at = config.platform.find(joint, begin)) {
        files.push_back(config.platform.substr(begin, at + joint.size() - 1 - begin));
        begin = at + joint.size();
    }
    if (begin < config.platform.size()) files.push_back(config.platform.substr(begin));
    return files;
}

bool has_order(const Config& config) {
    return exchange::has_order(*method_of(config));
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
