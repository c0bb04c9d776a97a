#include "sim/standstill_watch.hpp"

#include <algorithm>

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

constexpr double long_enough_s = 1e6;
constexpr std::uint64_t enough_events = 3'000'000;
constexpr double shortest_nap_s = 1e-3;

}  // namespace

StandstillWatch::StandstillWatch(World& world, const std::vector<s4u::Host*>& hosts) : world_(world) {
    world_.breakdowns->watch(hosts, [this] { start(); });
}

/// On any host: it does not compute.
void StandstillWatch::start() {
    if (is_at_work_) return;
    const std::vector<s4u::Host*> hosts = s4u::Engine::get_instance()->get_all_hosts();
    const auto host =
        std::ranges::find_if(hosts, [](const s4u::Host* candidate) { return candidate->is_on(); });
    if (host == hosts.end()) return;
    is_at_work_ = true;
    s4u::Actor::init("standstill-watch", *host)->start([this] { watch(); })->daemonize();
}

/// Naps grow, so that many events of profiles do not go unnoticed where they follow each other fast.
void StandstillWatch::watch() {
    const Breakdowns& breakdowns = *world_.breakdowns;
    std::uint64_t progress = world_.progress;
    std::uint64_t events = breakdowns.events();
    double since_s = s4u::Engine::get_clock();
    double nap_s = shortest_nap_s;
    while (breakdowns.any_standing()) {
        s4u::this_actor::sleep_for(nap_s);
        nap_s *= 2;
        if (world_.progress != progress || world_.busy_ranks > 0) {
            if (world_.progress != progress) nap_s = shortest_nap_s;
            progress = world_.progress;
            events = breakdowns.events();
            since_s = s4u::Engine::get_clock();
        } else if (s4u::Engine::get_clock() - since_s > long_enough_s ||
                   breakdowns.events() - events > enough_events) {
            stop_all();
        }
    }
    is_at_work_ = false;
}

void StandstillWatch::stop_all() {
    // What stood still from the start did so when the clock started.
    world_.standstill_s =
        std::max({world_.progress_s, world_.breakdowns->latest_s(), world_.clock_start_s.value_or(0)});
    s4u::Actor::kill_all();
}

}  // namespace lockstep::sim
