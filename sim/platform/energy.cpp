#include "sim/platform/energy.hpp"

#include <string_view>

#include <simgrid/plugins/energy.h>
#include <simgrid/s4u.hpp>

#include "base/file.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

bool names(const std::string& platform_file, std::string_view property) {
    return base::read_file(platform_file, base::most_of_tables).find(property) != std::string::npos;
}

bool measures_links(const scenario::Config& config) {
    return scenario::has_platform_file(config) ? names(config.platform, "wattage_range")
                                               : config.link_busy_power_W > 0;
}

}  // namespace

bool measures_energy(const scenario::Config& config) {
    if (measures_links(config)) return true;
    return scenario::has_platform_file(config) ? names(config.platform, "wattage_per_state")
                                               : config.busy_power_W > 0;
}

void start_host_meters() {
    sg_host_energy_plugin_init();
}

backend::Energy energy_now(const LinkMeters& links) {
    backend::Energy energy;
    const s4u::Engine& engine = *s4u::Engine::get_instance();
    for (const s4u::Host* host : engine.get_all_hosts())
        if (host->get_property("wattage_per_state") != nullptr)
            energy.hosts_J += sg_host_get_consumed_energy(host);
    energy.links_J = links.used_J();
    return energy;
}

}  // namespace lockstep::sim
