#include "scenario/applicability.hpp"

#include <algorithm>
#include <vector>

namespace lockstep::scenario {
namespace {

template <Method... methods>
bool is_one_of(const Config& config) {
    return ((config.method == methods) || ...);
}

/// Sends codes that cannot be added up, around a ring.
bool gathers_codes(const Config& config) {
    using enum Compression;
    return config.method == Method::allreduce &&
           (config.compression == top_k || config.compression == qsgd || config.compression == sign);
}
/// Sums or averages over all workers by a collective.
bool sums(const Config& config) {
    using enum Method;
    if (gathers_codes(config)) return false;
    return is_one_of<allreduce, sync_average, local_sgd, post_local_sgd, diloco, hierarchical>(config) ||
           (config.method == Method::easgd && !has_dedicated_server(config));
}
bool sends_parameters_to_v(const Config& config) {
    return is_one_of<Method::in_turn, Method::by_arrival>(config);
}
bool mixes(const Config& config) {
    return sends_parameters_to_v(config) && config.update == UpdateRule::mix;
}
bool has_period(const Config& config) {
    using enum Method;
    return is_one_of<local_sgd, post_local_sgd, diloco, hierarchical, easgd>(config);
}
bool has_outer_momentum(const Config& config) {
    return config.method == Method::diloco && config.outer_optimiser != Optimiser::sgd;
}
bool adapts_compensation(const Config& config) {
    return config.method == Method::dc_asgd && config.compensation_rule == Compensation::adaptive;
}
bool may_compress(const Config& config) {
    return traits(config.method).sends_gradients;
}
bool compresses_by_top_k(const Config& config) {
    return may_compress(config) && config.compression == Compression::top_k;
}
bool compresses_by_qsgd(const Config& config) {
    return may_compress(config) && config.compression == Compression::qsgd;
}
bool compresses_by_power_sgd(const Config& config) {
    return may_compress(config) && config.compression == Compression::power_sgd;
}
bool has_momentum(const Config& config) {
    return config.optimiser != Optimiser::sgd;
}
bool is_trained_by(const Config& config) {
    return traits(config.method).optimisers != OptimiserUse::sgd;
}
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
    return !sums(config) || config.collective != Collective::library;
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

constexpr std::string_view with_order =
    "with --method backup-workers, in-turn, by-arrival, bounded-staleness, softsync, dc-asgd, easgd with "
    "--server dedicated, or ad-psgd, whose updates have an order of their own";
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

std::vector<Applicability> of_exchanges() {
    return {
        {"collective",
         "with --method allreduce, sync-average, local-sgd, post-local-sgd, diloco, hierarchical, and easgd "
         "without a server (allreduce with --compression top-k, qsgd or sign sends codes around a ring)",
         sums},
        {"server",
         "with --method in-turn or easgd (by-arrival always has a dedicated one, as its relatives do; the "
         "others never)",
         server_is_as_said},
        {"update", "with --method in-turn or by-arrival", sends_parameters_to_v},
        {"beta", "with --update mix and --method in-turn or by-arrival", mixes},
        {"period", "with --method local-sgd, post-local-sgd, diloco, hierarchical or easgd", has_period},
        {"synchronous-epochs", "with --method post-local-sgd", is_one_of<Method::post_local_sgd>},
        {"outer-optimiser", "with --method diloco", is_one_of<Method::diloco>},
        {"outer-lr", "with --method diloco", is_one_of<Method::diloco>},
        {"outer-momentum", "with --method diloco and --outer-optimiser momentum or nesterov",
         has_outer_momentum},
        {"groups", "with --method hierarchical", is_one_of<Method::hierarchical>},
        {"group-period", "with --method hierarchical", is_one_of<Method::hierarchical>},
        {"backup", "with --method backup-workers", is_one_of<Method::backup_workers>},
        {"push-every", "with --method by-arrival", is_one_of<Method::by_arrival>},
        {"pull-every", "with --method by-arrival", is_one_of<Method::by_arrival>},
        {"staleness-bound", "with --method bounded-staleness", is_one_of<Method::bounded_staleness>},
        {"splitting", "with --method softsync", is_one_of<Method::softsync>},
        {"compensation", "with --method dc-asgd", is_one_of<Method::dc_asgd>},
        {"compensation-rule", "with --method dc-asgd", is_one_of<Method::dc_asgd>},
        {"compensation-decay", "with --method dc-asgd and --compensation-rule adaptive", adapts_compensation},
        {"elasticity", "with --method easgd", is_one_of<Method::easgd>},
        {"step-size", "with --method in-turn, by-arrival, bounded-staleness, softsync or dc-asgd",
         may_weigh_by_staleness},
        {"servers", "with --method by-arrival, bounded-staleness, dc-asgd, or easgd with --server dedicated",
         may_have_several_servers},
        {"graph", "with --method gossip", is_one_of<Method::gossip>},
        {"gossip-order", "with --method gossip", is_one_of<Method::gossip>},
        {"compression",
         "with --method allreduce, backup-workers, bounded-staleness, softsync or dc-asgd, which send "
         "gradients",
         may_compress},
        {"top-k", "with --compression top-k", compresses_by_top_k},
        {"levels", "with --compression qsgd", compresses_by_qsgd},
        {"compression-rank", "with --compression power-sgd", compresses_by_power_sgd},
        {"buckets", "with --method allreduce", is_one_of<Method::allreduce>},
        {"record", with_order, has_order},
        {"replay", with_order, has_order},
        {"optimiser",
         "with methods for which momentum has a meaning: not with in-turn, by-arrival, "
         "bounded-staleness, softsync, dc-asgd, ad-psgd",
         is_trained_by},
        {"momentum", "with --optimiser momentum or nesterov", has_momentum},
    };
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
        std::vector<Applicability> all = of_exchanges();
        const std::vector<Applicability> rest = of_models_and_platforms();
        all.insert(all.end(), rest.begin(), rest.end());
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
