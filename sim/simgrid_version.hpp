#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <simgrid/s4u.hpp>

/// What SimGrid 3.32 and 4.0 call, or want, differently. The only place that asks for its version.
namespace lockstep::sim::grid {

using Zone = simgrid::s4u::NetZone;
using Gate = simgrid::kernel::routing::NetPoint;
using Way = std::vector<simgrid::s4u::LinkInRoute>;

/// The setting by which hosts have the models of processors and network that are set.
extern const char* const models_by_kind;

/// A zone of that shape; without a parent it is all of the platform.
Zone* add_star(const std::string& name, Zone* parent = nullptr);
Zone* add_full(const std::string& name);

simgrid::s4u::Host* add_host(Zone& zone, const std::string& name, double speed_flops);
simgrid::s4u::Link* add_link(Zone& zone, const std::string& name, double bandwidth_Bps);
/// As much bandwidth in either direction.
simgrid::s4u::SplitDuplexLink* add_duplex_link(Zone& zone, const std::string& name, double bandwidth_Bps);
/// A router through which messages leave a star for other zones.
Gate* add_gate(Zone& star, const std::string& name);

/// Between a host of a star and its middle, in both directions.
void add_route(Zone& star, const simgrid::s4u::Host& host, const Way& way);
/// From a host to itself.
void add_loopback(Zone& star, const simgrid::s4u::Host& host, const simgrid::s4u::Link& link);
/// Between two zones of a full one, in both directions.
void join(Zone& full, std::array<Zone*, 2> zones, std::array<Gate*, 2> gates, const Way& way);

/// What SimGrid's regular topologies are filled with. No loopback: SimGrid's own.
struct Leaves {
    std::function<simgrid::s4u::Host*(Zone& zone)> host;
    std::function<simgrid::s4u::Link*(Zone& zone, std::size_t number)> loopback;
};
/// All links of a regular topology; each direction has all of the bandwidth.
struct Links {
    double bandwidth_Bps;
    double latency_s;
};
/// Each is all of the platform, and sealed.
void make_torus(const std::vector<unsigned>& dimensions, const Leaves& leaves, const Links& links);
/// A number for each level: hosts or switches below, switches above, parallel links.
void make_fat_tree(const std::array<std::vector<unsigned>, 3>& shape, const Leaves& leaves,
                   const Links& links);
/// Groups, chassis, routers with the links of each, and nodes.
void make_dragonfly(const std::array<std::pair<unsigned, unsigned>, 3>& shape, unsigned nodes,
                    const Leaves& leaves, const Links& links);

/// Of a message of so many bytes between two hosts.
using Factor = double(double bytes, const simgrid::s4u::Host* from, const simgrid::s4u::Host* to,
                      const std::vector<simgrid::s4u::Link*>& links, const std::unordered_set<Zone*>& zones);
enum class FactorOf { latency, bandwidth };
/// By which it is multiplied, asked for once a message; the model has no others.
void set_factor(const simgrid::s4u::Engine& engine, FactorOf of, const std::function<Factor>& factor);
/// The engine's own where nobody sets one: a factor for all sizes, or `ABOVE:FACTOR;...` in any order.
/// Nothing where its settings were changed, which set_factor() would contradict.
std::optional<std::string> own_factors(FactorOf of, bool of_smpi_model);

/// What it carries now.
double load_Bps(const simgrid::s4u::Link& link);

/// Calls when any host or link is turned on or off.
void on_switching_hosts(const std::function<void(const simgrid::s4u::Host&)>& call);
void on_switching_links(const std::function<void(const simgrid::s4u::Link&)>& call);

}  // namespace lockstep::sim::grid
