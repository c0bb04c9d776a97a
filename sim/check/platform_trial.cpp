#include "sim/check/platform_trial.hpp"

#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>
#include <simgrid/Exception.hpp>
#include <simgrid/kernel/ProfileBuilder.hpp>
#include <smpi/smpi.h>

#include "base/file.hpp"
#include "base/trimmed.hpp"
#include "base/words.hpp"
#include "option/lists.hpp"
#include "sim/check/platform_document.hpp"
#include "sim/check/profile_check.hpp"
#include "sim/check/setting_check.hpp"
#include "sim/last_words.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;
using Hosts = std::vector<s4u::Host*>;

bool is_number_from_0(double value) {
    return value >= 0 && std::isfinite(value);
}

/// The first host or link of the platform, used or not, whose figures mean nothing.
std::string impossible_part(const s4u::Engine& engine) {
    for (const s4u::Host* host : engine.get_all_hosts())
        for (unsigned long i = 0; i < host->get_pstate_count(); ++i)
            if (const double speed = host->get_pstate_speed(i); !is_number_from_0(speed))
                return fmt::format("host {} has a speed of {:g}f; it must be above 0", host->get_name(),
                                   speed);
    for (const s4u::Link* link : engine.get_all_links()) {
        if (link->get_sharing_policy() == s4u::Link::SharingPolicy::WIFI) continue;
        if (!is_number_from_0(link->get_bandwidth()))
            return fmt::format("link {} has a bandwidth of {:g}Bps; it must be above 0", link->get_name(),
                               link->get_bandwidth());
        if (!is_number_from_0(link->get_latency()))
            return fmt::format("link {} has a latency of {:g}s; it must be 0 or above", link->get_name(),
                               link->get_latency());
    }
    return {};
}

std::string unusable_host(const Hosts& hosts) {
    for (const s4u::Host* host : hosts) {
        if (!(host->get_pstate_speed(host->get_pstate()) > 0))
            return fmt::format("host {} has a speed of 0f; it must be above 0", host->get_name());
        if (!host->is_on())
            return fmt::format("host {} is off from the start, by its state_file; --hosts may name others",
                               host->get_name());
    }
    return {};
}

/// One power for each speed, or the meter aborts without naming the host; and powers, which it does not look
/// at.
void require_powers(const s4u::Host& host) {
    for (const char* property : {"wattage_per_state", "wattage_off"}) {
        const char* powers = host.get_property(property);
        if (powers == nullptr) continue;
        for (const std::string_view state : option::split_list(powers))
            for (const std::string_view watts : option::split_list(state, ':'))
                if (!base::number_from(0, base::trimmed(watts)))
                    throw std::invalid_argument(
                        fmt::format("host {}: {} watts in its {} ({}); they must be numbers of at least 0",
                                    host.get_name(), watts, property, powers));
    }
    const char* powers = host.get_property("wattage_per_state");
    if (powers == nullptr) return;
    const std::size_t count = option::split_list(powers).size();
    if (count != host.get_pstate_count())
        throw std::invalid_argument(
            fmt::format("host {} has {} powers in its wattage_per_state ({}) and {} speeds; it needs as many",
                        host.get_name(), count, powers, host.get_pstate_count()));
}

/// What SMPI charges on a host for messages: its complaints do not name it.
void require_costs(const s4u::Host& host) {
    for (const char* property : {"smpi/os", "smpi/ois", "smpi/or"})
        if (const char* costs = host.get_property(property))
            require_message_costs(fmt::format("host {}: {}", host.get_name(), property), costs);
}

void try_profiles(const PlatformDocument& document, const std::filesystem::path& folder) {
    for (const auto& [id, lines, periodicity] : document.traces)
        check_profile({id, lines, document.traces_of_latency.contains(id),
                       base::number_from(0, periodicity).value_or(0)});
    for (std::size_t i = 0; i < document.profiles.size(); ++i) {
        const auto& [path, is_of_latency] = document.profiles[i];
        const std::filesystem::path beside = folder / path;
        const std::filesystem::path file =
            std::filesystem::exists(beside) ? beside : std::filesystem::path(path);
        if (!std::filesystem::exists(file)) continue;  // SimGrid names it
        const std::string content = base::read_file(file, base::most_of_settings);
        check_profile({path, content, is_of_latency});
        now_doing(fmt::format("reading profile {}", path));
        simgrid::kernel::profile::ProfileBuilder::from_string(fmt::format("trial of profile {}", i), content,
                                                              -1);
    }
    now_doing("");
}

constexpr double a_moment_s = 1e-6;

/// Each host computes, and sends to the next, the last to the first. What a host or link that is off makes of
/// it, the run will tell.
void work_and_send_around(const Hosts& hosts) {
    std::vector<s4u::ExecPtr> work;
    for (s4u::Host* host : hosts) {
        if (host->get_available_speed() <= 0) continue;
        now_doing(fmt::format("computing on host {}", host->get_name()));
        work.push_back(s4u::this_actor::exec_init(host->get_speed())->set_host(host));
        work.back()->start();
    }
    std::vector<s4u::CommPtr> messages;
    try {
        for (std::size_t i = 0; i < hosts.size() && hosts.size() > 1; ++i) {
            s4u::Host* from = hosts[i];
            s4u::Host* to = hosts[(i + 1) % hosts.size()];
            now_doing(fmt::format("sending from host {} to host {}", from->get_name(), to->get_name()));
            messages.push_back(s4u::Comm::sendto_async(from, to, 1));
        }
        s4u::this_actor::sleep_for(2 * a_moment_s);
    } catch (const simgrid::NetworkFailureException&) {  // NOLINT(bugprone-empty-catch): see above
    } catch (const simgrid::HostFailureException&) {     // NOLINT(bugprone-empty-catch): see above
    }
}

}  // namespace

PlatformTrial::PlatformTrial(const std::string& platform_file) {
    const auto document = read_platform_document(platform_file);
    if (document) try_profiles(*document, std::filesystem::path(platform_file).parent_path());
    s4u::Host::on_creation_cb([](const s4u::Host& host) {
        require_powers(host);
        require_costs(host);
    });
    has_profiles_ = document && document->has_profiles;
}

std::string PlatformTrial::obstacle_between(const s4u::Host& from, const s4u::Host& to,
                                            const PreparedEngine& prepared) const {
    now_doing(fmt::format("looking for a route from host {} to host {}", from.get_name(), to.get_name()));
    std::vector<s4u::Link*> links;
    double latency_s = 0;
    from.route_to(&to, links, &latency_s);
    if (links.empty() && latency_s <= 0)
        return fmt::format("no route from host {} to {}", from.get_name(), to.get_name());
    for (const s4u::Link* link : links) {
        if (link->get_sharing_policy() == s4u::Link::SharingPolicy::WIFI)
            return fmt::format(
                "link {} between hosts {} and {} is a WIFI link, which runs cannot use; "
                "--hosts may name hosts with wires",
                link->get_name(), from.get_name(), to.get_name());
        if (!has_profiles_ && prepared.breakdowns()->has_no_bandwidth(*link))
            return fmt::format("link {} has a bandwidth of 0Bps; it must be above 0", link->get_name());
    }
    return {};
}

/// Of many hosts not every pair is tried.
std::string PlatformTrial::missing_way(const PreparedEngine& prepared) const {
    const Hosts& hosts = prepared.hosts();
    constexpr std::size_t few = 64;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        for (std::size_t j = 0; j < hosts.size(); ++j) {
            const bool tried = hosts.size() <= few || i == 0 || j == 0 || j == i + 1;
            if (i == j || !tried) continue;
            std::string obstacle = obstacle_between(*hosts[i], *hosts[j], prepared);
            if (!obstacle.empty()) return obstacle;
        }
    }
    return {};
}

std::string PlatformTrial::obstacle(PreparedEngine& prepared) const {
    SMPI_init();  // which reads the settings of SMPI, and seals the platform
    prepared.engine().seal_platform();
    const Hosts& hosts = prepared.hosts();
    std::string found = impossible_part(prepared.engine());
    if (found.empty()) found = unusable_host(hosts);
    if (found.empty()) found = missing_way(prepared);
    if (!found.empty()) return found;
    const s4u::ActorPtr actor =
        s4u::Actor::init("trial", hosts.front())->start([&] { work_and_send_around(hosts); });
    prepared.engine().run_until(a_moment_s);
    return {};
}

}  // namespace lockstep::sim
