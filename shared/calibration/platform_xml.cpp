#include <map>

#include <fmt/format.h>

#include "calibration/document.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

/// Comments must not hold two dashes.
std::string commented(std::string text) {
    for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--")) text[at] = ' ';
    return text;
}

double speed_of(const Findings& found, std::size_t rank) {
    return rank < found.worker_speeds_flops.size() ? found.worker_speeds_flops[rank]
                                                   : found.speed_flops.value;
}

struct XmlHost {
    double speed_flops = 0;
    std::size_t cores = 0;
};

/// Each rank has a host of its own where they were all on one, since they did not share its cores.
std::vector<XmlHost> hosts_of(const Findings& found, const Measurements& measured) {
    std::vector<XmlHost> hosts;
    std::map<std::string, std::size_t> known;
    const bool share = found.messages.size() > 1;
    for (std::size_t rank = 0; rank < measured.work.size(); ++rank) {
        const auto [place, is_new] = known.try_emplace(measured.work[rank].host, hosts.size());
        if (is_new || !share) {
            hosts.push_back({speed_of(found, rank), 1});
            continue;
        }
        XmlHost& host = hosts[place->second];
        ++host.cores;
        host.speed_flops = std::max(host.speed_flops, speed_of(found, rank));
    }
    return hosts;
}

}  // namespace

std::string to_xml(const Findings& found, const Measurements& measured, const Origin& origin) {
    scenario::Config config;
    for (const auto& [key, value] : found.settings) scenario::find_option(key)->kind.set(config, key, value);
    const double bandwidth_Bps = config.bandwidth_Bps;
    const double latency_s = config.latency_s;
    std::string text = fmt::format(
        "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
        "<!-- {}: measured on {}, {}, by lockstep calibrate. Latency is that of small messages, bandwidth "
        "that "
        "of the largest; what lies between is in {}.json. -->\n<platform version=\"4.1\">\n"
        "  <zone id=\"{}\" routing=\"Full\">\n",
        commented(origin.name), commented(measured.work.front().host), origin.measured_utc,
        commented(origin.name), origin.name);
    const std::vector<XmlHost> hosts = hosts_of(found, measured);
    for (std::size_t i = 0; i < hosts.size(); ++i)
        text += fmt::format("    <host id=\"host-{}\" speed=\"{:.0f}f\" core=\"{}\"/>\n", i,
                            hosts[i].speed_flops, hosts[i].cores);
    for (std::size_t i = 0; i < hosts.size(); ++i)
        text += fmt::format(
            "    <link id=\"link-{}\" bandwidth=\"{:.6g}Bps\" latency=\"{:.6g}s\" "
            "sharing_policy=\"SPLITDUPLEX\"/>\n",
            i, bandwidth_Bps, latency_s / 2);
    for (std::size_t from = 0; from < hosts.size(); ++from)
        for (std::size_t to = 0; to < hosts.size(); ++to)
            if (from != to)
                text += fmt::format(
                    "    <route src=\"host-{0}\" dst=\"host-{1}\" symmetrical=\"NO\"><link_ctn "
                    "id=\"link-{0}\" "
                    "direction=\"UP\"/><link_ctn id=\"link-{1}\" direction=\"DOWN\"/></route>\n",
                    from, to);
    return text + "  </zone>\n</platform>\n";
}

}  // namespace lockstep::calibration
