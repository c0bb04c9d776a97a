#include "scenario/applicability.hpp"

#include <algorithm>
#include <array>

namespace lockstep::scenario {
namespace {

bool averages(const Config& config) {
    return config.method == Method::sync_average;
}
bool is_asynchronous(const Config& config) {
    return config.method == Method::in_turn || config.method == Method::by_arrival;
}
bool mixes(const Config& config) {
    return is_asynchronous(config) && config.update == UpdateRule::mix;
}
bool is_generated(const Config& config) {
    return config.platform.empty();
}

/// by-arrival always has a server: saying so is true, denying it is a contradiction.
bool server_is_as_said(const Config& config) {
    const ServerUse use = traits(config.method).server;
    return use == ServerUse::optional || (use == ServerUse::always && config.server == Server::dedicated);
}

constexpr std::string_view generated = "to the generated star, not with --platform";
constexpr std::array<Applicability, 9> table{{
    {"collective", "with --method sync-average", averages},
    {"server", "with --method in-turn (by-arrival always has a dedicated one, the others never)",
     server_is_as_said},
    {"update", "with --method in-turn or by-arrival", is_asynchronous},
    {"beta", "with --update mix and --method in-turn or by-arrival", mixes},
    {"speed", generated, is_generated},
    {"speeds", generated, is_generated},
    {"cores", generated, is_generated},
    {"latency", generated, is_generated},
    {"bandwidth", generated, is_generated},
}};

}  // namespace

std::span<const Applicability> applicabilities() {
    return table;
}

bool applies(std::string_view key, const Config& config) {
    return std::ranges::all_of(
        table, [&](const Applicability& entry) { return entry.key != key || entry.holds(config); });
}

}  // namespace lockstep::scenario
