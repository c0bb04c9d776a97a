#include "sim/simgrid_version.hpp"

#include <utility>

#include <fmt/format.h>
#include <simgrid/version.h>
#include <xbt/config.hpp>

#if SIMGRID_VERSION < 40000
#include <simgrid/kernel/resource/NetworkModelIntf.hpp>
#else
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#endif

namespace lockstep::sim::grid {
namespace {

namespace s4u = simgrid::s4u;
namespace config = simgrid::config;
using Position = std::vector<unsigned long>;
constexpr auto split_duplex = s4u::Link::SharingPolicy::SPLITDUPLEX;

}  // namespace

#if SIMGRID_VERSION < 40000

const char* const models_by_kind = "host/model:compound";

namespace {

s4u::ClusterCallbacks callbacks(const Leaves& leaves) {
    const auto host = [&leaves](Zone* zone, const Position&, unsigned long) {
        return std::pair<Gate*, Gate*>(leaves.host(*zone)->get_netpoint(), nullptr);
    };
    if (!leaves.loopback) return s4u::ClusterCallbacks(host);
    return {host,
            [&leaves](Zone* zone, const Position&, unsigned long number) {
                return leaves.loopback(*zone, number);
            },
            {}};
}

}  // namespace

Zone* add_star(const std::string& name, Zone* parent) {
    Zone* star = s4u::create_star_zone(name);
    if (parent != nullptr) star->set_parent(parent);
    return star;
}

Zone* add_full(const std::string& name) {
    return s4u::create_full_zone(name);
}

s4u::Host* add_host(Zone& zone, const std::string& name, double speed_flops) {
    return zone.create_host(name, speed_flops);
}

s4u::Link* add_link(Zone& zone, const std::string& name, double bandwidth_Bps) {
    return zone.create_link(name, bandwidth_Bps);
}

s4u::SplitDuplexLink* add_duplex_link(Zone& zone, const std::string& name, double bandwidth_Bps) {
    return const_cast<s4u::SplitDuplexLink*>(zone.create_split_duplex_link(name, bandwidth_Bps));
}

Gate* add_gate(Zone& star, const std::string& name) {
    Gate* gate = star.create_router(name);
    star.add_route(gate, nullptr, nullptr, nullptr, Way{}, true);
    return gate;
}

void add_route(Zone& star, const s4u::Host& host, const Way& way) {
    star.add_route(host.get_netpoint(), nullptr, nullptr, nullptr, way, true);
}

void add_loopback(Zone& star, const s4u::Host& host, const s4u::Link& link) {
    star.add_route(host.get_netpoint(), host.get_netpoint(), nullptr, nullptr, {s4u::LinkInRoute(&link)},
                   false);
}

void join(Zone& full, std::array<Zone*, 2> zones, std::array<Gate*, 2> gates, const Way& way) {
    full.add_route(zones[0]->get_netpoint(), zones[1]->get_netpoint(), gates[0], gates[1], way, true);
}

void make_torus(const std::vector<unsigned>& dimensions, const Leaves& leaves, const Links& links) {
    s4u::create_torus_zone("torus", nullptr, {dimensions.begin(), dimensions.end()}, callbacks(leaves),
                           links.bandwidth_Bps, links.latency_s, split_duplex)
        ->seal();
}

void make_fat_tree(const std::array<std::vector<unsigned>, 3>& shape, const Leaves& leaves,
                   const Links& links) {
    const auto levels = static_cast<unsigned>(shape[0].size());
    s4u::create_fatTree_zone("fat-tree", nullptr, {levels, shape[0], shape[1], shape[2]}, callbacks(leaves),
                             links.bandwidth_Bps, links.latency_s, split_duplex)
        ->seal();
}

void make_dragonfly(const std::array<std::pair<unsigned, unsigned>, 3>& shape, unsigned nodes,
                    const Leaves& leaves, const Links& links) {
    s4u::create_dragonfly_zone("dragonfly", nullptr, {shape[0], shape[1], shape[2], nodes}, callbacks(leaves),
                               links.bandwidth_Bps, links.latency_s, split_duplex)
        ->seal();
}

void set_factor(const s4u::Engine& engine, FactorOf of, const std::function<Factor>& factor) {
    auto* network = engine.get_netzone_root()->get_network_model();
    of == FactorOf::latency ? network->set_lat_factor_cb(factor) : network->set_bw_factor_cb(factor);
}

std::optional<std::string> own_factors(FactorOf of, bool of_smpi_model) {
    const bool of_latency = of == FactorOf::latency;
    if (of_smpi_model) {
        const char* key = of_latency ? "smpi/lat-factor" : "smpi/bw-factor";
        if (!config::is_default(key)) return std::nullopt;
        return config::get_value<std::string>(key);
    }
    const char* key = of_latency ? "network/latency-factor" : "network/bandwidth-factor";
    if (!config::is_default(key)) return std::nullopt;
    return fmt::format("{}", config::get_value<double>(key));
}

double load_Bps(const s4u::Link& link) {
    return link.get_usage();
}

void on_switching_hosts(const std::function<void(const s4u::Host&)>& call) {
    s4u::Host::on_state_change_cb(call);
}

void on_switching_links(const std::function<void(const s4u::Link&)>& call) {
    s4u::Link::on_state_change_cb(call);
}

#else

const char* const models_by_kind = "host/model:default";

namespace {

/// All zones are in it.
Zone& root() {
    return *s4u::Engine::get_instance()->get_netzone_root();
}

void fill(Zone* zone, const Leaves& leaves) {
    zone->set_host_cb([&leaves](Zone* place, const Position&, unsigned long) { return leaves.host(*place); });
    if (leaves.loopback)
        zone->set_loopback_cb([&leaves](Zone* place, const Position&, unsigned long number) {
            return leaves.loopback(*place, number);
        });
    zone->seal();
}

}  // namespace

Zone* add_star(const std::string& name, Zone* parent) {
    return (parent != nullptr ? *parent : root()).add_netzone_star(name);
}

Zone* add_full(const std::string& name) {
    return root().add_netzone_full(name);
}

s4u::Host* add_host(Zone& zone, const std::string& name, double speed_flops) {
    return zone.add_host(name, speed_flops);
}

s4u::Link* add_link(Zone& zone, const std::string& name, double bandwidth_Bps) {
    return zone.add_link(name, bandwidth_Bps);
}

s4u::SplitDuplexLink* add_duplex_link(Zone& zone, const std::string& name, double bandwidth_Bps) {
    return zone.add_split_duplex_link(name, bandwidth_Bps);
}

Gate* add_gate(Zone& star, const std::string& name) {
    Gate* gate = star.add_router(name);
    star.set_gateway(gate);
    star.get_impl()->add_route(gate, nullptr, nullptr, nullptr, Way{},
                               true);  // star.add_route wants two ends
    return gate;
}

void add_route(Zone& star, const s4u::Host& host, const Way& way) {
    star.add_route(&host, nullptr, way, true);
}

void add_loopback(Zone& star, const s4u::Host& host, const s4u::Link& link) {
    star.add_route(&host, &host, {s4u::LinkInRoute(&link)}, false);
}

void join(Zone& full, std::array<Zone*, 2> zones, std::array<Gate*, 2> /*gates*/, const Way& way) {
    full.add_route(zones[0], zones[1], way, true);
}

void make_torus(const std::vector<unsigned>& dimensions, const Leaves& leaves, const Links& links) {
    fill(root().add_netzone_torus("torus", {dimensions.begin(), dimensions.end()}, links.bandwidth_Bps,
                                  links.latency_s, split_duplex),
         leaves);
}

void make_fat_tree(const std::array<std::vector<unsigned>, 3>& shape, const Leaves& leaves,
                   const Links& links) {
    fill(root().add_netzone_fatTree("fat-tree", static_cast<unsigned>(shape[0].size()), shape[0], shape[1],
                                    shape[2], links.bandwidth_Bps, links.latency_s, split_duplex),
         leaves);
}

void make_dragonfly(const std::array<std::pair<unsigned, unsigned>, 3>& shape, unsigned nodes,
                    const Leaves& leaves, const Links& links) {
    fill(root().add_netzone_dragonfly("dragonfly", shape[0], shape[1], shape[2], nodes, links.bandwidth_Bps,
                                      links.latency_s, split_duplex),
         leaves);
}

void set_factor(const s4u::Engine& engine, FactorOf of, const std::function<Factor>& factor) {
    Zone* all = engine.get_netzone_root();
    of == FactorOf::latency ? all->set_latency_factor_cb(factor) : all->set_bandwidth_factor_cb(factor);
}

std::optional<std::string> own_factors(FactorOf of, bool /*of_smpi_model*/) {
    const char* key = of == FactorOf::latency ? "network/latency-factor" : "network/bandwidth-factor";
    if (!config::is_default(key)) return std::nullopt;
    return config::get_value<std::string>(key);
}

double load_Bps(const s4u::Link& link) {
    return link.get_load();
}

void on_switching_hosts(const std::function<void(const s4u::Host&)>& call) {
    s4u::Host::on_onoff_cb(call);
}

void on_switching_links(const std::function<void(const s4u::Link&)>& call) {
    s4u::Link::on_onoff_cb(call);
}

#endif

}  // namespace lockstep::sim::grid
