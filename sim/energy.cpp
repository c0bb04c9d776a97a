#include "sim/energy.hpp"

#include <algorithm>
#include <string_view>

#include <simgrid/plugins/energy.h>
#include <simgrid/s4u.hpp>

#include "base/error.hpp"
#include "base/file.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

bool names(const std::string& platform_file, std::string_view property) {
    return base::read_file(platform_file).find(property) != std::string::npos;
}

bool measures_links(const scenario::Config& config) {
    return scenario::has_platform_file(config) ? names(config.platform, "wattage_range")
                                               : config.link_busy_power_W > 0;
}

bool has_lasting_failure(const scenario::Config& config) {
    return std::ranges::any_of(config.failures, [](const scenario::Failure& failure) {
        return failure.back_s == scenario::for_ever_s;
    });
}

}  // namespace

bool measures_energy(const scenario::Config& config) {
    if (measures_links(config)) return true;
    return scenario::has_platform_file(config) ? names(config.platform, "wattage_per_state")
                                               : config.busy_power_W > 0;
}

void start_energy_meters(const scenario::Config& config) {
    sg_host_energy_plugin_init();
    if (!measures_links(config)) return;
    if (has_lasting_failure(config))
        throw base::InputError("--failure", "a worker that stops for good",
                               "one that comes back (back=TIME), where links have powers",
                               "leave the powers of links away");
    sg_link_energy_plugin_init();
}

backend::Energy energy_now() {
    backend::Energy energy;
    const s4u::Engine& engine = *s4u::Engine::get_instance();
    for (const s4u::Host* host : engine.get_all_hosts())
        if (host->get_property("wattage_per_state") != nullptr)
            energy.hosts_J += sg_host_get_consumed_energy(host);
    if (sg_link_energy_is_inited() == 0) return energy;
    for (const s4u::Link* link : engine.get_all_links())
        if (link->get_property("wattage_range") != nullptr)
            energy.links_J += sg_link_get_consumed_energy(link);
    return energy;
}

}  // namespace lockstep::sim
