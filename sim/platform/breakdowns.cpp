#include "sim/platform/breakdowns.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <xbt/config.hpp>

#include "base/units.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

/// What a link lets through that lets nothing through. SimGrid needs more than 0: it takes a link of 0 for
/// none at all, and ends where a message has no rate.
constexpr double next_to_nothing_Bps = 1e-9;

/// Where a file gives none: of no account for the messages that begin meanwhile, as long as they are bounded
/// by others.
constexpr double without_bound_Bps = 1e18;

constexpr const char* weight_key = "network/weight-S";

std::string without_bandwidth(const s4u::Link& link) {
    return fmt::format("link {} has had no bandwidth", link.get_name());
}

}  // namespace

Breakdowns::Breakdowns(const s4u::Engine& engine) {
    for (s4u::Link* link : engine.get_all_links()) {
        if (link->get_sharing_policy() == s4u::Link::SharingPolicy::WIFI) continue;
        LinkState& state = links_[link] = {link, link->get_bandwidth(), link->get_sharing_policy(), false};
        if (state.bandwidth_Bps != 0) continue;
        state.bandwidth_Bps = without_bound_Bps;
        begin_outage(state);
        note(without_bandwidth(*link), true);
    }
    s4u::Link::on_bandwidth_change_cb([this](const s4u::Link& link) { bandwidth_changed(link); });
}

void Breakdowns::watch(const std::vector<s4u::Host*>& hosts, std::function<void()> broke) {
    broke_ = std::move(broke);
    if (any_standing()) broke_();
    const auto look_at = [this](const s4u::Host& host) {
        note(fmt::format("host {} has had no speed", host.get_name()), host.get_available_speed() <= 0);
        if (!host.is_on()) note_off(fmt::format("host {}", host.get_name()));
    };
    for (const s4u::Host* host : hosts) look_at(*host);
    const auto changed = [this, look_at, used = std::set<const s4u::Host*>(hosts.begin(), hosts.end())](
                             const s4u::Host& host) {
        ++events_;
        if (used.contains(&host)) look_at(host);
    };
    grid::on_switching_hosts(changed);
    s4u::Host::on_speed_change_cb(changed);
    grid::on_switching_links([this](const s4u::Link& link) {
        ++events_;
        if (!link.is_on()) note_off(fmt::format("link {}", link.get_name()));
    });
}

/// Messages that begin meanwhile are bounded for ever by the bandwidth that the link says it has, and all are
/// weighed by it (network/weight-S): so it goes on saying what it had.
void Breakdowns::begin_outage(LinkState& state) {
    state.is_out = true;
    state.link->set_sharing_policy(s4u::Link::SharingPolicy::NONLINEAR,
                                   [](double, int) { return next_to_nothing_Bps; });
    const double weight = simgrid::config::get_value<double>(weight_key);
    is_changing_ = true;
    if (weight > 0) simgrid::config::set_value(weight_key, 0.0);  // it would be divided by a bandwidth of 0
    state.link->set_bandwidth(state.bandwidth_Bps);
    if (weight > 0) simgrid::config::set_value(weight_key, weight);
    is_changing_ = false;
}

void Breakdowns::end_outage(LinkState& state) {
    state.is_out = false;
    const bool is_fatpipe = state.policy == s4u::Link::SharingPolicy::FATPIPE;
    state.link->set_sharing_policy(
        is_fatpipe ? s4u::Link::SharingPolicy::FATPIPE : s4u::Link::SharingPolicy::SHARED, {});
}

void Breakdowns::bandwidth_changed(const s4u::Link& link) {
    const auto found = links_.find(&link);
    if (is_changing_ || found == links_.end()) return;
    ++events_;
    LinkState& state = found->second;
    const bool is_out = link.get_bandwidth() == 0;
    if (is_out) {
        begin_outage(state);
    } else {
        if (state.is_out) end_outage(state);
        state.bandwidth_Bps = link.get_bandwidth();
    }
    note(without_bandwidth(link), is_out);
}

void Breakdowns::note(const std::string& what, bool stands) {
    if (!stands) {
        standing_.erase(what);
    } else if (standing_.emplace(what, s4u::Engine::get_clock()).second && broke_) {
        broke_();
    }
}

void Breakdowns::note_off(const std::string& what) {
    off_.emplace(what, s4u::Engine::get_clock());
}

double Breakdowns::latest_s() const {
    double latest_s = 0;
    for (const auto* list : {&standing_, &off_})
        for (const auto& [what, since_s] : *list) latest_s = std::max(latest_s, since_s);
    return latest_s;
}

std::string Breakdowns::description() const {
    constexpr std::size_t most_named = 4;
    std::vector<std::string> parts;
    for (const auto& [what, at_s] : off_)
        parts.push_back(fmt::format("{} went off at {}", what, base::format_time(at_s)));
    for (const auto& [what, since_s] : standing_)
        parts.push_back(fmt::format("{} since {}", what, base::format_time(since_s)));
    if (parts.empty()) return {};
    if (parts.size() > most_named) {
        const std::size_t more = parts.size() - most_named;
        parts.resize(most_named);
        parts.push_back(fmt::format("{} more", more));
    }
    std::string text = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i)
        text += fmt::format("{}{}", i + 1 == parts.size() ? " and " : ", ", parts[i]);
    return text + " of the platform's time";
}

}  // namespace lockstep::sim
