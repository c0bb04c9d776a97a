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

/// What is taken to be reached at a bandwidth that nobody measured.
struct ReachedShare {
    double expected = 0;
    std::vector<const FittedLinks*> bounds;  ///< whose shares may be those there
    const FittedLinks* end = nullptr;        ///< beyond which it is; null between two classes
    double farthest = 1;                     ///< may be that many times the share of `end`
};

ReachedShare interpolated_share(double bandwidth_Bps, const FittedLinks& low, const FittedLinks& high) {
    const double weight =
        std::log(bandwidth_Bps / *low.nominal_Bps) / std::log(*high.nominal_Bps / *low.nominal_Bps);
    return {std::lerp(*low.reached(), *high.reached(), weight), {&low, &high}};
}

/// `next` is the class beside the end, or the end itself where it is alone.
ReachedShare extrapolated_share(double bandwidth_Bps, const FittedLinks& end, const FittedLinks& next) {
    constexpr double least = 1e-3;  // what falls that far is not known
    const double share = *end.reached();
    const double most = std::max(1 / share, 1.0);
    const double distance = std::log(*end.nominal_Bps / *next.nominal_Bps);
    const double slope = distance == 0 ? 0 : (share - *next.reached()) / distance;
    const double factor = std::pow(bandwidth_Bps / *end.nominal_Bps, slope / share);
    return {share * std::clamp(factor, least, most), {}, &end, std::clamp(factor * factor, least, most)};
}

ReachedShare share_reached_at(double bandwidth_Bps, std::span<const FittedLinks> classes) {
    std::vector<const FittedLinks*> known;
    for (const FittedLinks& links : classes)
        if (links.nominal_Bps) known.push_back(&links);
    const auto above = std::ranges::find_if(
        known, [=](const FittedLinks* links) { return *links->nominal_Bps > bandwidth_Bps; });
    if (above != known.begin() && above != known.end())
        return interpolated_share(bandwidth_Bps, **(above - 1), **above);
    const std::size_t last = known.size() - 1;
    const std::size_t beside = std::min<std::size_t>(1, last);
    ReachedShare share = above == known.begin()
                             ? extrapolated_share(bandwidth_Bps, *known[0], *known[beside])
                             : extrapolated_share(bandwidth_Bps, *known[last], *known[last - beside]);
    share.bounds = known;
    return share;
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
    LinkCase found{links.name, true, false, settings_for(links.sync_s.value), {}, {}};
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
    constexpr double least_Bps = 1;  // that can be simulated
    const ReachedShare share = share_reached_at(bandwidth_Bps, fit.links);
    const LinkSettings expected{fit.step_s.value, fit.overhead_s.value, share.expected * bandwidth_Bps};
    LinkCase found{name, false, share.end != nullptr, expected, {}, {}};
    std::vector<LinkSettings> possible;
    const auto enter = [&](const FittedLinks& links, double factor) {
        for (LinkSettings settings : possible_settings(fit, links)) {
            const double as_there_Bps = settings.bandwidth_Bps * bandwidth_Bps / *links.nominal_Bps;
            const double most_Bps = std::max(as_there_Bps, bandwidth_Bps);
            settings.bandwidth_Bps =
                std::clamp(factor * as_there_Bps, std::min(least_Bps, most_Bps), most_Bps);
            possible.push_back(settings);
        }
    };
    for (const FittedLinks* links : share.bounds) enter(*links, 1);
    if (share.end != nullptr) enter(*share.end, share.farthest);
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
