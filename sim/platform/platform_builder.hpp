#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>
#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"
#include "sim/platform/energy.hpp"
#include "sim/platform/placement.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {

/// Makes hosts and links with the properties that the configuration asks for.
class PlatformBuilder {
  public:
    explicit PlatformBuilder(const scenario::Config& config)
        : config_(config), speeds_(generated_host_speeds(config)), needed_(host_count(config)) {}

    simgrid::s4u::Host* add_host(grid::Zone& zone) {
        const std::size_t number = hosts_.size();
        const bool is_spare = number >= needed_;
        simgrid::s4u::Host* host =
            grid::add_host(zone, fmt::format("{}-{}", is_spare ? "spare" : "host", number),
                           is_spare ? config_.speed_flops : speeds_[number]);
        host->set_core_count(static_cast<int>(config_.cores));
        // Idle, cores on but unused, all cores busy: SimGrid draws a line from the second to the third.
        if (!is_spare && measures_energy(config_))
            host->set_property("wattage_per_state", fmt::format("{}:{}:{}", config_.idle_power_W,
                                                                config_.idle_power_W, config_.busy_power_W));
        hosts_.push_back(host);
        return host;
    }

    template <typename Link>
    Link* with_power(Link* link) const {
        if (measures_energy(config_) && config_.link_busy_power_W > 0)
            link->set_property("wattage_range",
                               fmt::format("{}:{}", config_.link_idle_power_W, config_.link_busy_power_W));
        return link;
    }

    /// A full-duplex link; each direction has all of the bandwidth.
    const simgrid::s4u::SplitDuplexLink* duplex_link(grid::Zone& zone, const std::string& name,
                                                     double latency_s, double bandwidth_Bps) const {
        simgrid::s4u::SplitDuplexLink* link = grid::add_duplex_link(zone, name, bandwidth_Bps);
        link->set_latency(latency_s);
        with_power(link->get_link_up());
        with_power(link->get_link_down());
        return link;
    }

    simgrid::s4u::Link* loopback(grid::Zone& zone, std::size_t number) const {
        return grid::add_link(zone, fmt::format("loopback-{}", number), config_.loopback_bandwidth_Bps)
            ->set_latency(config_.loopback_latency_s);
    }

    /// What both directions of a host's link share.
    simgrid::s4u::Link* both_directions(grid::Zone& star, std::size_t number) const {
        simgrid::s4u::Link* link = grid::add_link(star, fmt::format("duplex-{}", number),
                                                  config_.duplex * access_bandwidth_Bps(number));
        link->seal();
        return link;
    }

    /// A host with its own link to the zone's middle and, for workers on one host, its memory.
    void add_leaf(grid::Zone& star, const simgrid::s4u::Link* backbone) {
        const std::size_t number = hosts_.size();
        simgrid::s4u::Host* host = add_host(star);
        const auto* link = duplex_link(star, fmt::format("link-{}", number), access_latency_s(number),
                                       access_bandwidth_Bps(number));
        grid::Way way{simgrid::s4u::LinkInRoute(link, simgrid::s4u::LinkInRoute::Direction::UP)};
        if (config_.duplex < 2) way.emplace_back(both_directions(star, number));
        if (backbone != nullptr) way.emplace_back(backbone);
        grid::add_route(star, *host, way);
        if (config_.workers_per_host > 1) grid::add_loopback(star, *host, *loopback(star, number));
    }

    /// What SimGrid's own topologies are filled with. It must not outlive this.
    grid::Leaves leaves() {
        grid::Leaves leaves{[this](grid::Zone& zone) { return add_host(zone); }, {}};
        if (config_.workers_per_host > 1)
            leaves.loopback = [this](grid::Zone& zone, std::size_t number) { return loopback(zone, number); };
        return leaves;
    }

    std::size_t needed() const { return needed_; }
    const std::vector<simgrid::s4u::Host*>& hosts() const { return hosts_; }

    /// Of a needed host's own link.
    double access_latency_s(std::size_t host) const {
        if (is_server(host)) return config_.server_latency_s.value_or(config_.latency_s) / 2;
        const std::size_t worker = first_worker(host);
        return (worker < config_.latencies_s.size() ? config_.latencies_s[worker] : config_.latency_s) / 2;
    }
    double access_bandwidth_Bps(std::size_t host) const {
        if (is_server(host)) return config_.server_bandwidth_Bps.value_or(config_.bandwidth_Bps);
        const std::size_t worker = first_worker(host);
        return worker < config_.bandwidths_Bps.size() ? config_.bandwidths_Bps[worker]
                                                      : config_.bandwidth_Bps;
    }

  private:
    /// The worker whose --latencies and --bandwidths a host takes: its first.
    std::size_t first_worker(std::size_t host) const { return host * config_.workers_per_host; }
    bool is_server(std::size_t host) const {
        return host < needed_ && host + scenario::server_count(config_) >= needed_;
    }

    const scenario::Config& config_;
    std::vector<double> speeds_;
    std::size_t needed_;
    std::vector<simgrid::s4u::Host*> hosts_;
};

}  // namespace lockstep::sim
