#include "sim/platform.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

std::vector<s4u::Host*> build_star(const scenario::Config& config, std::size_t ranks) {
    std::vector<s4u::Host*> hosts;
    s4u::NetZone* star = s4u::create_star_zone("star");
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        const double speed =
            rank < config.speeds_flops.size() ? config.speeds_flops[rank] : config.speed_flops;
        s4u::Host* host = star->create_host(fmt::format("host-{}", rank), speed);
        host->set_core_count(static_cast<int>(config.cores));
        const s4u::SplitDuplexLink* link =
            star->create_split_duplex_link(fmt::format("link-{}", rank), config.bandwidth_Bps);
        const_cast<s4u::SplitDuplexLink*>(link)->set_latency(config.latency_s / 2);
        star->add_route(host->get_netpoint(), nullptr, nullptr, nullptr,
                        {s4u::LinkInRoute(link, s4u::LinkInRoute::Direction::UP)}, true);
        hosts.push_back(host);
    }
    star->seal();
    return hosts;
}

std::vector<s4u::Host*> hosts_of_file(s4u::Engine& engine, const scenario::Config& config,
                                      std::size_t ranks) {
    engine.load_platform(config.platform);
    std::vector<s4u::Host*> hosts = hosts_by_name(engine);
    if (hosts.size() < ranks)
        throw base::InputError(fmt::format(
            "--platform {}: it has {} hosts, the run needs {} (one for each of {} workers{}); use a larger "
            "platform or fewer --workers",
            config.platform, hosts.size(), ranks, config.workers,
            ranks > config.workers ? " and a server" : ""));
    hosts.resize(ranks);
    return hosts;
}

}  // namespace

void configure_network(const scenario::Config& config) {
    switch (config.network_model) {
        case scenario::NetworkModel::cm02:
            s4u::Engine::set_config("network/model:CM02");
            s4u::Engine::set_config("network/crosstraffic:0");
            s4u::Engine::set_config("network/TCP-gamma:0");
            break;
        case scenario::NetworkModel::lv08:
            s4u::Engine::set_config("network/model:LV08");
            break;
        case scenario::NetworkModel::smpi:
            s4u::Engine::set_config("network/model:SMPI");
            break;
    }
    // One threshold for both halves of "eager": the sender does not wait, and the transfer starts at once.
    const auto eager =
        static_cast<int>(std::min(config.eager_limit_B, 1.0 * std::numeric_limits<int>::max()));
    s4u::Engine::set_config(fmt::format("smpi/send-is-detached-thresh:{}", eager));
    s4u::Engine::set_config(fmt::format("smpi/async-small-thresh:{}", eager));
}

std::vector<s4u::Host*> hosts_by_name(const s4u::Engine& engine) {
    std::vector<s4u::Host*> hosts = engine.get_all_hosts();
    std::sort(hosts.begin(), hosts.end(), [](const s4u::Host* a, const s4u::Host* b) {
        return ::strverscmp(a->get_cname(), b->get_cname()) < 0;
    });
    return hosts;
}

std::vector<s4u::Host*> build_platform(s4u::Engine& engine, const scenario::Config& config) {
    const std::size_t ranks = scenario::rank_count(config);
    return config.platform.empty() ? build_star(config, ranks) : hosts_of_file(engine, config, ranks);
}

std::string describe_platform(const scenario::Config& config) {
    if (!config.platform.empty()) return config.platform;
    std::string speeds = fmt::format("{:g} Gf", config.speed_flops / 1e9);
    if (!config.speeds_flops.empty()) {
        speeds.clear();
        for (const double speed : config.speeds_flops)
            speeds += fmt::format("{}{:g}", speeds.empty() ? "" : ", ", speed / 1e9);
        speeds += " Gf";
    }
    return fmt::format("star of {} hosts, {}, {} core(s) each, latency {}, {:g} Mbit/s",
                       scenario::rank_count(config), speeds, config.cores,
                       base::format_time(config.latency_s), config.bandwidth_Bps * 8 / 1e6);
}

}  // namespace lockstep::sim
