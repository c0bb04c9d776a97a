#include "sim/platform/topology.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/lists.hpp"
#include "scenario/options/options.hpp"
#include "sim/platform/platform_builder.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;
using scenario::Config;

constexpr std::size_t most_hosts = 200'000;
using scenario::Topology;

void build_star(PlatformBuilder& builder) {
    grid::Zone* star = grid::add_star("star");
    while (builder.hosts().size() < builder.needed()) builder.add_leaf(*star, nullptr);
    star->seal();
}

void build_shared(PlatformBuilder& builder, const Config& config) {
    grid::Zone* star = grid::add_star("shared");
    s4u::Link* backbone = builder.with_power(grid::add_link(*star, "backbone", config.backbone_bandwidth_Bps)
                                                 ->set_latency(config.backbone_latency_s));
    backbone->seal();
    while (builder.hosts().size() < builder.needed()) builder.add_leaf(*star, backbone);
    star->seal();
}

void build_two_clusters(PlatformBuilder& builder, const Config& config) {
    grid::Zone* both = grid::add_full("two-clusters");
    const auto* backbone =
        builder.duplex_link(*both, "backbone", config.backbone_latency_s, config.backbone_bandwidth_Bps);
    std::array<grid::Zone*, 2> clusters{};
    std::array<grid::Gate*, 2> gates{};
    const std::array until{(builder.needed() + 1) / 2, builder.needed()};  // hosts of the first, of both
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        clusters[i] = grid::add_star(fmt::format("cluster-{}", i), both);
        while (builder.hosts().size() < until[i]) builder.add_leaf(*clusters[i], nullptr);
        gates[i] = grid::add_gate(*clusters[i], fmt::format("gate-{}", i));
        clusters[i]->seal();
    }
    grid::join(*both, clusters, gates, {s4u::LinkInRoute(backbone, s4u::LinkInRoute::Direction::UP)});
    both->seal();
}

[[noreturn]] void refuse_shape(const Config& config, std::string_view allowed, std::string_view remedy) {
    throw base::InputError("--topology-shape", config.topology_shape,
                           fmt::format("{} for --topology {}", allowed, scenario::name(config.topology)),
                           remedy);
}

std::vector<unsigned> numbers_in(const Config& config, std::string_view text, char separator,
                                 std::string_view allowed) {
    std::vector<unsigned> numbers;
    for (const std::string_view part : option::split_list(text, separator)) {
        try {
            numbers.push_back(static_cast<unsigned>(option::parse_whole("", part, {1, 65536}, allowed)));
        } catch (const base::InputError&) {
            refuse_shape(config, allowed, "whole numbers from 1 to 65536");
        }
    }
    return numbers;
}

/// Hosts of a shape, or just beyond the most that are built.
template <typename Numbers>
std::size_t product(const Numbers& numbers) {
    std::size_t all = 1;
    for (const std::size_t number : numbers) all = std::min(all * number, most_hosts + 1);
    return all;
}

void require_room(const Config& config, std::size_t room, std::size_t needed, std::string_view allowed) {
    if (room > most_hosts)
        refuse_shape(config, allowed, fmt::format("it has more than {} hosts", most_hosts));
    if (room < needed)
        refuse_shape(config, allowed,
                     fmt::format("it has room for {} hosts, the run needs {}", room, needed));
}

unsigned rounded_up_root(std::size_t number) {
    unsigned root = 1;
    while (std::size_t{root} * root < number) ++root;
    return root;
}

unsigned divided_up(std::size_t number, unsigned divisor) {
    return static_cast<unsigned>((number + divisor - 1) / divisor);
}

grid::Links links_of(const Config& config) {
    return {config.bandwidth_Bps, config.latency_s / 2};
}

void build_torus(PlatformBuilder& builder, const Config& config) {
    constexpr std::string_view allowed = "a shape like 4x4x2";
    const unsigned side = std::max(2U, rounded_up_root(builder.needed()));  // SimGrid's needs two hosts
    std::vector<unsigned> dimensions{side, divided_up(builder.needed(), side)};
    if (!config.topology_shape.empty()) dimensions = numbers_in(config, config.topology_shape, 'x', allowed);
    const std::size_t room = product(dimensions);
    require_room(config, room, builder.needed(), allowed);
    if (room > 1) std::erase(dimensions, 1U);  // SimGrid would join such hosts to themselves
    grid::make_torus(dimensions, builder.leaves(), links_of(config));
}

void build_fat_tree(PlatformBuilder& builder, const Config& config) {
    constexpr std::string_view allowed = "levels;down;up;parallel links, like 2;4,4;1,2;1,2";
    const unsigned down = rounded_up_root(builder.needed());
    std::array<std::vector<unsigned>, 3> shape{
        {{down, divided_up(builder.needed(), down)}, {1, down}, {1, 1}}};
    if (!config.topology_shape.empty()) {
        const auto parts = option::split_list(config.topology_shape, ';');
        if (parts.size() != 4) refuse_shape(config, allowed, "four parts");
        const auto levels = numbers_in(config, parts[0], ',', allowed);
        for (std::size_t i = 0; i < 3; ++i) shape[i] = numbers_in(config, parts[i + 1], ',', allowed);
        for (const auto& list : shape)
            if (levels.size() != 1 || list.size() != levels.front())
                refuse_shape(config, allowed, "as many numbers in each list as there are levels");
    }
    const std::size_t room = product(shape[0]);
    require_room(config, room, builder.needed(), allowed);
    grid::make_fat_tree(shape, builder.leaves(), links_of(config));
}

void build_dragonfly(PlatformBuilder& builder, const Config& config) {
    constexpr std::string_view allowed = "groups,links;chassis,links;routers,links;nodes, like 3,4;3,2;3,1;2";
    // Two chassis a group, two nodes a router; as many routers a chassis as there are groups.
    unsigned routers = 2;
    while (std::size_t{4} * routers * routers < builder.needed()) ++routers;
    std::vector<std::vector<unsigned>> shape{{routers, 1}, {2, 1}, {routers, 1}, {2}};
    if (!config.topology_shape.empty()) {
        shape.clear();
        for (const std::string_view part : option::split_list(config.topology_shape, ';'))
            shape.push_back(numbers_in(config, part, ',', allowed));
        const bool is_well_formed =
            shape.size() == 4 && shape[3].size() == 1 &&
            std::all_of(shape.begin(), shape.begin() + 3, [](const auto& part) { return part.size() == 2; });
        if (!is_well_formed) refuse_shape(config, allowed, "three pairs and a number");
        if (shape[0][0] > shape[2][0])  // beyond that SimGrid looks for links that it has not made
            refuse_shape(config, allowed, "at most as many groups as a chassis has routers");
    }
    require_room(config, product(std::vector{shape[0][0], shape[1][0], shape[2][0], shape[3][0]}),
                 builder.needed(), allowed);
    grid::make_dragonfly(
        {{{shape[0][0], shape[0][1]}, {shape[1][0], shape[1][1]}, {shape[2][0], shape[2][1]}}}, shape[3][0],
        builder.leaves(), links_of(config));
}

/// The host that a link of SimGrid's fat trees and dragonflies joins to its switch, which only the link's
/// name tells: `link_from_3_10_3_UP` is host 3's, `local_link_from_router_2_to_node_1_5_DOWN` host 5's.
/// Switches of fat trees have higher numbers than all hosts.
std::optional<std::size_t> host_joined_by(const std::string& link) {
    const auto words = option::split_list(link, '_');
    if (link.starts_with("link_from_")) return std::stoul(std::string(words.at(2)));
    if (link.starts_with("local_link_from_router_")) return std::stoul(std::string(words.at(8)));
    return std::nullopt;
}

/// Whether no message of the run can pass it. Those of other links may: also beside spare hosts of a torus.
bool is_of_spare_host(const PlatformBuilder& builder, const std::string& link) {
    const auto host = host_joined_by(link);
    return host && *host >= builder.needed() && *host < builder.hosts().size();
}

/// Links that SimGrid makes by itself come without properties.
void give_power_to_links(const PlatformBuilder& builder) {
    for (s4u::Link* link : s4u::Engine::get_instance()->get_all_links()) {
        const std::string& name = link->get_name();
        const bool has_none = name.find("loopback") != std::string::npos || name.starts_with("duplex") ||
                              is_of_spare_host(builder, name);
        if (!has_none && link->get_property("wattage_range") == nullptr) builder.with_power(link);
    }
}

}  // namespace

std::vector<s4u::Host*> build_topology(const Config& config) {
    PlatformBuilder builder(config);
    switch (config.topology) {
        case Topology::star:
            build_star(builder);
            break;
        case Topology::shared:
            build_shared(builder, config);
            break;
        case Topology::two_clusters:
            build_two_clusters(builder, config);
            break;
        case Topology::fat_tree:
            build_fat_tree(builder, config);
            break;
        case Topology::torus:
            build_torus(builder, config);
            break;
        case Topology::dragonfly:
            build_dragonfly(builder, config);
            break;
    }
    give_power_to_links(builder);
    return builder.hosts();
}

}  // namespace lockstep::sim
