#include "scenario/applicability.hpp"

#include <algorithm>
#include <vector>

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
bool draws_speeds(const Config& config) {
    return is_generated(config) && config.speeds_flops.empty();
}
bool has_access_links(const Config& config) {
    return is_generated(config) && config.topology != Topology::fat_tree &&
           config.topology != Topology::torus && config.topology != Topology::dragonfly;
}
bool generates_server(const Config& config) {
    return is_generated(config) && has_dedicated_server(config);
}
bool generates_server_link(const Config& config) {
    return has_access_links(config) && has_dedicated_server(config);
}
bool has_shape(const Config& config) {
    return is_generated(config) && !has_access_links(config);
}
bool has_backbone(const Config& config) {
    return is_generated(config) &&
           (config.topology == Topology::shared || config.topology == Topology::two_clusters);
}
bool shares_hosts(const Config& config) {
    return is_generated(config) && config.workers_per_host > 1;
}
bool is_bare_phantom(const Config& config) {
    return config.model == "phantom";
}
bool is_trained(const Config& config) {
    return !is_phantom(config);
}
bool does_arithmetic(const Config& config) {
    return !timing_only(config);
}
bool messages_are_ours(const Config& config) {
    return !averages(config) || config.collective != Collective::library;
}
bool factors_are_ours(const Config& config) {
    return config.network_model != NetworkModel::smpi;
}
bool draws_anything(const Config& config) {
    return !config.heterogeneity.is_constant() || !config.variability.is_constant() ||
           !config.jitter.is_constant();
}

/// by-arrival always has a server: saying so is true, denying it is a contradiction.
bool server_is_as_said(const Config& config) {
    const ServerUse use = traits(config.method).server;
    return use == ServerUse::optional || (use == ServerUse::always && config.server == Server::dedicated);
}

constexpr std::string_view generated = "to the generated platform, not with --platform";
constexpr std::string_view access_links =
    "with --topology star, shared or two-clusters, whose workers have a link each, and without --platform";
constexpr std::string_view server = "with a dedicated server, and without --platform";
constexpr std::string_view server_link =
    "with a dedicated server, with --topology star, shared or two-clusters, and without --platform";
constexpr std::string_view backbone = "with --topology shared or two-clusters, and without --platform";
constexpr std::string_view loopback = "with --workers-per-host above 1, and without --platform";
constexpr std::string_view trained = "with --model fully-connected";
constexpr std::string_view with_arithmetic =
    "where arithmetic is done: with --numerics real and --model fully-connected";
const std::vector<Applicability>& table() {
    static const std::vector<Applicability> entries{
        {"collective", "with --method sync-average", averages},
        {"server", "with --method in-turn (by-arrival always has a dedicated one, the others never)",
         server_is_as_said},
        {"update", "with --method in-turn or by-arrival", is_asynchronous},
        {"beta", "with --update mix and --method in-turn or by-arrival", mixes},
        {"parameters", "with --model phantom", is_bare_phantom},
        {"flops-per-sample", "with --model phantom", is_bare_phantom},
        {"hidden", trained, is_trained},
        {"activation", trained, is_trained},
        {"loss", trained, is_trained},
        {"target-accuracy", with_arithmetic, does_arithmetic},
        {"time-budget", with_arithmetic, does_arithmetic},
        {"data-cache", with_arithmetic, does_arithmetic},
        {"speed", generated, is_generated},
        {"speeds", generated, is_generated},
        {"server-speed", server, generates_server},
        {"heterogeneity", "without --speeds and --platform, which say how fast each worker is", draws_speeds},
        {"platform-seed", "with --heterogeneity, --variability or --jitter", draws_anything},
        {"cores", generated, is_generated},
        {"idle-power", generated, is_generated},
        {"busy-power", generated, is_generated},
        {"topology", generated, is_generated},
        {"topology-shape", "with --topology fat-tree, torus or dragonfly, and without --platform", has_shape},
        {"latency", generated, is_generated},
        {"latencies", access_links, has_access_links},
        {"bandwidth", generated, is_generated},
        {"bandwidths", access_links, has_access_links},
        {"server-latency", server_link, generates_server_link},
        {"server-bandwidth", server_link, generates_server_link},
        {"backbone-latency", backbone, has_backbone},
        {"backbone-bandwidth", backbone, has_backbone},
        {"loopback-latency", loopback, shares_hosts},
        {"loopback-bandwidth", loopback, shares_hosts},
        {"message-overhead", "without --collective library, which hides its messages", messages_are_ours},
        {"jitter", "with --network-model CM02 or LV08, since SMPI has factors of its own for each message",
         factors_are_ours},
        {"link-idle-power", generated, is_generated},
        {"link-busy-power", generated, is_generated},
    };
    return entries;
}

}  // namespace

std::span<const Applicability> applicabilities() {
    return table();
}

bool applies(std::string_view key, const Config& config) {
    return std::ranges::all_of(
        table(), [&](const Applicability& entry) { return entry.key != key || entry.holds(config); });
}

}  // namespace lockstep::scenario
