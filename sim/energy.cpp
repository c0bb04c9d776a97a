#include "sim/energy.hpp"

#include <simgrid/plugins/energy.h>
#include <simgrid/s4u.hpp>

#include "base/file.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

bool has_powers(const std::string& platform_file) {
    const std::string text = base::read_file(platform_file);
    return text.find("wattage_per_state") != std::string::npos ||
           text.find("wattage_range") != std::string::npos;
}

}  // namespace

bool measures_energy(const scenario::Config& config) {
    if (!config.platform.empty()) return has_powers(config.platform);
    return config.busy_power_W > 0 || config.link_busy_power_W > 0;
}

void start_energy_meters() {
    sg_host_energy_plugin_init();
    sg_link_energy_plugin_init();
}

backend::Energy energy_now() {
    backend::Energy energy;
    const s4u::Engine& engine = *s4u::Engine::get_instance();
    for (const s4u::Host* host : engine.get_all_hosts())
        if (host->get_property("wattage_per_state") != nullptr)
            energy.hosts_J += sg_host_get_consumed_energy(host);
    for (const s4u::Link* link : engine.get_all_links())
        if (link->get_property("wattage_range") != nullptr)
            energy.links_J += sg_link_get_consumed_energy(link);
    return energy;
}

}  // namespace lockstep::sim
