#include "study/fit/link_settings.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"

namespace lockstep::study {
namespace {

/// The classes between which a bandwidth lies; the same twice beyond the ends.
struct Neighbours {
    const FittedLinks* below;
    const FittedLinks* above;
    double weight_of_above;
    std::vector<const FittedLinks*> all;  ///< that bound what may be there
};

Neighbours neighbours_of(double bandwidth_Bps, std::span<const FittedLinks> classes) {
    std::vector<const FittedLinks*> known;
    for (const FittedLinks& links : classes)
        if (links.nominal_Bps) known.push_back(&links);
    if (bandwidth_Bps < *known.front()->nominal_Bps) return {known.front(), known.front(), 0, known};
    if (bandwidth_Bps > *known.back()->nominal_Bps) return {known.back(), known.back(), 0, known};
    const auto above = std::ranges::find_if(
        known, [=](const FittedLinks* links) { return *links->nominal_Bps > bandwidth_Bps; });
    const FittedLinks* const low = *(above - 1);
    const FittedLinks* const high = *above;
    const double weight =
        std::log(bandwidth_Bps / *low->nominal_Bps) / std::log(*high->nominal_Bps / *low->nominal_Bps);
    return {low, high, weight, {low, high}};
}

/// What the times of a class allow, with the latency that goes with it. None reaches more than its nominal
/// bandwidth but for what was measured.
std::vector<LinkSettings> possible_settings(const ClusterFit& fit, const FittedLinks& links) {
    std::vector<LinkSettings> all;
    const double most_Bps = std::max(links.nominal_Bps.value_or(0), links.bandwidth_Bps.high);
    for (const double latency_s : {fit.overhead_s.low, fit.overhead_s.high})
        for (const double sync_s : {links.sync_s.low, links.sync_s.high})
            if (const double reached_Bps = links.bandwidth_for(sync_s, fit.path, latency_s); reached_Bps > 0)
                all.push_back({0, latency_s, std::min(reached_Bps, most_Bps)});
    return all;
}

/// The ends of what is possible, where intervals are known.
void enter_ends(LinkCase& found, const ClusterFit& fit, std::vector<LinkSettings> possible) {
    if (!fit.step_s.has_interval()) return;
    possible.push_back(found.expected);
    const auto [fastest, slowest] = std::ranges::minmax_element(possible, {}, [&](const LinkSettings& links) {
        return fit.path.time_s(links.latency_s, links.bandwidth_Bps);
    });
    found.fastest = {fit.step_s.low, fastest->latency_s, fastest->bandwidth_Bps};
    found.slowest = {fit.step_s.high, slowest->latency_s, slowest->bandwidth_Bps};
}

/// The time of a synchronisation is what was measured, whatever of it is overhead, but with another number of
/// workers.
LinkCase measured_links(const ClusterFit& fit, const FittedLinks& links) {
    const double latency_s = fit.overhead_s.value;
    const auto settings_for = [&](double sync_s) {
        return LinkSettings{fit.step_s.value, latency_s, links.bandwidth_for(sync_s, fit.path, latency_s)};
    };
    LinkCase found{links.name, true, settings_for(links.sync_s.value), {}, {}};
    std::vector<LinkSettings> possible;
    if (links.path != fit.path && fit.overhead_s.has_interval()) {
        possible = possible_settings(fit, links);
    } else if (links.sync_s.has_interval()) {
        for (const double sync_s : {links.sync_s.low, links.sync_s.high})
            if (const LinkSettings end = settings_for(sync_s); end.bandwidth_Bps > 0) possible.push_back(end);
    }
    enter_ends(found, fit, std::move(possible));
    return found;
}

LinkCase links_between(const ClusterFit& fit, const std::string& name, double bandwidth_Bps) {
    const Neighbours neighbours = neighbours_of(bandwidth_Bps, fit.links);
    const auto share = [](const FittedLinks& links) {
        return links.bandwidth_Bps.value / *links.nominal_Bps;
    };
    const double reached =
        std::lerp(share(*neighbours.below), share(*neighbours.above), neighbours.weight_of_above);
    LinkCase found{name, false, {fit.step_s.value, fit.overhead_s.value, reached * bandwidth_Bps}, {}, {}};
    std::vector<LinkSettings> possible;
    for (const FittedLinks* links : neighbours.all)
        for (LinkSettings settings : possible_settings(fit, *links)) {
            settings.bandwidth_Bps *= bandwidth_Bps / *links->nominal_Bps;
            possible.push_back(settings);
        }
    enter_ends(found, fit, std::move(possible));
    return found;
}

std::string names_of_links(const ClusterFit& fit) {
    std::string text;
    for (const FittedLinks& links : fit.links) text += (text.empty() ? "" : ", ") + links.name;
    return text;
}

}  // namespace

LinkCase links_of(const ClusterFit& fit, std::string_view option, const std::string& name) {
    for (const FittedLinks& links : fit.links)
        if (links.name == name) return measured_links(fit, links);
    double bandwidth_Bps = 0;
    try {
        bandwidth_Bps = base::parse_bandwidth_Bps(option, name);
    } catch (const base::InputError&) {
    }
    if (!(bandwidth_Bps > 0))
        throw base::InputError(
            option, name,
            fmt::format("links of the file ({}), or a bandwidth such as 300Mbps", names_of_links(fit)));
    for (const FittedLinks& links : fit.links)
        if (links.nominal_Bps == bandwidth_Bps) return measured_links(fit, links);
    if (!fit.links.front().nominal_Bps)
        throw base::InputError(option, name, fmt::format("links of the file ({})", names_of_links(fit)),
                               "none of these is a bandwidth, so that nothing lies between them");
    return links_between(fit, name, bandwidth_Bps);
}

}  // namespace lockstep::study
