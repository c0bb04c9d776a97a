#include "scenario/applicability.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "exchange/catalogue.hpp"
#include "option/lists.hpp"

namespace lockstep::scenario {
namespace {

using option::joined;

bool is_generated(const Config& config) {
    return !has_platform_file(config);
}
bool draws_speeds(const Config& config) {
    return is_generated(config) && config.speeds_flops.empty() && config.speed_multiples.empty();
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
bool has_named_hosts(const Config& config) {
    return !config.hosts.empty() || !config.hostfile.empty();
}
bool may_share_hosts(const Config& config) {
    return is_generated(config) || !has_named_hosts(config);
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
    return config.collective->is_pinned() || !applies("collective", config);
}
bool factors_are_ours(const Config& config) {
    return config.network_model != NetworkModel::smpi;
}
bool draws_anything(const Config& config) {
    return !config.heterogeneity.is_constant() || !config.variability.is_constant() ||
           !config.jitter.is_constant();
}

bool makes_checkpoints(const Config& config) {
    return !config.checkpoint.empty();
}

constexpr const char* generated = "to the generated platform, not with --platform";
constexpr const char* access_links =
    "with --topology star, shared or two-clusters, whose workers have a link each, and without --platform";
constexpr const char* server = "with a dedicated server, and without --platform";
constexpr const char* server_link =
    "with a dedicated server, with --topology star, shared or two-clusters, and without --platform";
constexpr const char* backbone = "with --topology shared or two-clusters, and without --platform";
constexpr const char* loopback = "with --workers-per-host above 1, and without --platform";
constexpr const char* trained = "with --model fully-connected";
constexpr const char* with_arithmetic =
    "where arithmetic is done: with --numerics real and --model fully-connected";

/// `--method A, B or C`: the methods for which it holds.
template <typename Holds>
std::string methods_where(Holds holds) {
    return "--method " + Method::names_where(holds);
}

/// A condition comes first, a remark in brackets last.
std::string where_text(std::string_view methods, std::string_view where) {
    if (where.empty()) return fmt::format("with {}", methods);
    if (where.starts_with("(")) return fmt::format("with {} {}", methods, where);
    return fmt::format("{} and {}", where, methods);
}

bool is_served(const Config& config, std::string_view key) {
    return key == "server" && config.method->traits->server == exchange::ServerUse::always &&
           config.server == exchange::Server::dedicated;  // saying so is true, denying it a contradiction
}

std::vector<Applicability> of_methods() {
    std::vector<Applicability> all;
    for (const auto& option : exchange::method_options()) {
        const std::string_view key = option.key;
        const std::string methods = methods_where([&](const Method& method) { return method->has(key); });
        all.push_back({key, where_text(methods, option.where), [=](const Config& config) {
                           if (!config.method->has(key)) return is_served(config, key);
                           return (!option.applies || option.applies(config)) && method_of(config)->uses(key);
                       }});
    }
    return all;
}

/// Some have one with a server alone.
bool may_have_order(const Method& method) {
    Config config;
    config.server = exchange::Server::dedicated;
    return exchange::has_order(*method->make(config));
}

std::vector<Applicability> of_files_and_optimisers() {
    const std::string with_order = "with " + methods_where(may_have_order) +
                                   ", whose updates have an order of their own (easgd's with a server)";
    const auto optimises = [](const Method& method) {
        return method->traits->optimisers != exchange::OptimiserUse::sgd;
    };
    return {{"record", with_order, has_order},
            {"replay", with_order, has_order},
            {"checkpoint-every", "with --checkpoint DIR", makes_checkpoints},
            {"optimiser", "with " + methods_where(optimises) + ", with which momentum has a meaning",
             [=](const Config& config) { return optimises(config.method); }},
            {"momentum", "with --optimiser momentum or nesterov",
             [](const Config& config) { return config.optimiser->has_momentum; }}};
}

std::vector<Applicability> of_models_and_platforms() {
    return {
        {"parameters", "with --model phantom", is_bare_phantom},
        {"flops-per-sample", "with --model phantom", is_bare_phantom},
        {"hidden", trained, is_trained},
        {"activation", trained, is_trained},
        {"loss", trained, is_trained},
        {"target-accuracy", with_arithmetic, does_arithmetic},
        {"target-loss", with_arithmetic, does_arithmetic},
        {"time-budget", with_arithmetic, does_arithmetic},
        {"data-cache", with_arithmetic, does_arithmetic},
        {"speed", generated, is_generated},
        {"speeds", generated, is_generated},
        {"server-speed", server, generates_server},
        {"vector-speed", generated, is_generated},
        {"code-speed", generated, is_generated},
        {"update-speed", generated, is_generated},
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
        {"duplex", access_links, has_access_links},
        {"send-ahead", access_links, has_access_links},
        {"bandwidths", access_links, has_access_links},
        {"server-latency", server_link, generates_server_link},
        {"server-bandwidth", server_link, generates_server_link},
        {"backbone-latency", backbone, has_backbone},
        {"backbone-bandwidth", backbone, has_backbone},
        {"loopback-latency", loopback, shares_hosts},
        {"loopback-bandwidth", loopback, shares_hosts},
        {"hosts", "with --platform FILE.xml, whose hosts have names", has_platform_file},
        {"hostfile", "with --platform FILE.xml, whose hosts have names", has_platform_file},
        {"workers-per-host", "without --hosts and --hostfile, which say how many ranks a host has",
         may_share_hosts},
        {"message-overhead", "without --collective library, which hides its messages", messages_are_ours},
        {"receive-bandwidth", "without --collective library, which hides its messages", messages_are_ours},
        {"sharing", "to the generated platform: the links of a platform file are always shared by rtt",
         is_generated},
        {"jitter", "with --network-model CM02 or LV08, since SMPI has factors of its own for each message",
         factors_are_ours},
        {"link-idle-power", generated, is_generated},
        {"link-busy-power", generated, is_generated},
    };
}

const std::vector<Applicability>& table() {
    static const std::vector<Applicability> entries = [] {
        std::vector<Applicability> all;
        for (const auto& part : {of_methods(), of_files_and_optimisers(), of_models_and_platforms()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
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
