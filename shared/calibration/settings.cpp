#include "calibration/settings.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <map>

#include <fmt/format.h>

#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using scenario::Config;

constexpr double header_bytes = 16;  // that the simulation adds to every message
constexpr double least_s = 1e-9;
constexpr double least_per_byte_s = 1e-12;
constexpr double no_slower = 1.02;  // of exchanges: as well as medians are known

/// A number as it is worth writing down.
double rounded(double value) {
    return std::stod(fmt::format("{:.6g}", value));
}

/// A link has one bandwidth, and no message is faster than that: what other sizes cost more a byte is a
/// factor, what they cost less is taken from their latency, at the middle of these sizes or at the one that
/// the run sends.
std::vector<Segment> on_link(const MessageFindings& found, double per_byte_s, double overhead_s) {
    std::vector<Segment> result = found.cost.segments;
    for (std::size_t i = 0; i < result.size(); ++i) {
        Segment& segment = result[i];
        const double until =
            i + 1 < result.size() ? result[i + 1].from_bytes : static_cast<double>(found.sizes.back().bytes);
        const double middle = segment.exact_bytes > 0 ? segment.exact_bytes
                                                      : std::sqrt(std::max(segment.from_bytes, 1.0) * until);
        segment.fixed_s -= std::max(per_byte_s - segment.per_byte_s, 0.0) * middle;
        segment.per_byte_s = std::max(segment.per_byte_s, per_byte_s);
        segment.fixed_s -= header_bytes * segment.per_byte_s + 2 * overhead_s;
        segment.fixed_s = std::max(segment.fixed_s, least_s);
    }
    return result;
}

std::string factors(const std::vector<Segment>& segments,
                    const std::function<double(const Segment&)>& factor) {
    std::string text;
    for (const Segment& segment : segments)
        text += fmt::format("{}{:.0f}:{:.6g}", text.empty() ? "" : ";",
                            segment.from_bytes > 0 ? segment.from_bytes + header_bytes : 0, factor(segment));
    return text;
}

/// Time a byte of the messages that the link is there for.
double link_per_byte_s(const MessageFindings& found, double bytes) {
    const double per_byte_s = found.cost.at(bytes).per_byte_s;
    if (per_byte_s > 0) return per_byte_s;
    return std::max(std::ranges::max(found.cost.segments, {}, &Segment::per_byte_s).per_byte_s,
                    least_per_byte_s);
}

double message_overhead_s(const MessageFindings& found) {
    return rounded(std::min((found.send_overhead_s + found.receive_overhead_s) / 2,
                            0.4 * found.cost.segments.front().fixed_s));
}

void set_links(Config& config, const MessageFindings& found, double bytes) {
    config.message_overhead_s = message_overhead_s(found);
    const double per_byte_s = link_per_byte_s(found, bytes);
    const std::vector<Segment> segments = on_link(found, per_byte_s, config.message_overhead_s);
    config.latency_s = rounded(segments.front().fixed_s);
    config.bandwidth_Bps = rounded(1 / per_byte_s);
    if (segments.size() == 1) return;
    config.latency_factor =
        factors(segments, [&](const Segment& segment) { return segment.fixed_s / config.latency_s; });
    config.bandwidth_factor = factors(
        segments, [&](const Segment& segment) { return 1 / segment.per_byte_s / config.bandwidth_Bps; });
}

/// That size, or the nearest smaller one, or else larger one, of which both directions were timed.
const SizeFindings& nearest_sampled(const MessageFindings& found, double bytes) {
    const SizeFindings* nearest = nullptr;
    for (const SizeFindings& size : found.sizes) {
        if (size.samples == 0) continue;
        if (nearest != nullptr && static_cast<double>(size.bytes) > bytes) break;
        nearest = &size;
    }
    return *nearest;
}

/// What both directions carry together, as multiples of one, when both are in use by messages of such a
/// size: of their times the part that grows with their size.
double duplex_of(const MessageFindings& found, double bytes) {
    const SizeFindings& size = nearest_sampled(found, bytes);
    const double fixed_s = found.cost.at(static_cast<double>(size.bytes)).fixed_s;
    const double alone_s = size.one_way_s - fixed_s;
    if (alone_s < size.one_way_s / 2) return 2;  // mostly latency, which is no link's capacity
    const double ratio = (size.exchange_s - fixed_s) / alone_s;
    return ratio < no_slower ? 2 : rounded(std::max(2 / ratio, 1.0));
}

scenario::OverlapProgress progress_of(const MessageFindings& found) {
    using enum scenario::OverlapProgress;
    if (!found.progress.of_sends) return none;
    return found.progress.of_receives ? ideal : receiver;
}

/// Within a host, where the simulation has one latency and one bandwidth, times the network's factors.
void set_loopback(Config& config, const MessageFindings& local, const MessageFindings& remote,
                  const RunSizes& run) {
    const double bytes = link_bytes(local, run);
    const Segment& within = local.cost.at(bytes);
    const MessageCost network{on_link(remote, 1 / config.bandwidth_Bps, config.message_overhead_s)};
    const double latency_factor = network.at(bytes).fixed_s / config.latency_s;
    const double latency_s =
        within.fixed_s - header_bytes * within.per_byte_s - 2 * config.message_overhead_s;
    config.loopback_latency_s = rounded(std::max(latency_s, 0.0) / latency_factor);
    if (within.per_byte_s > 0) config.loopback_bandwidth_Bps = rounded(1 / within.per_byte_s);
}

std::size_t most_ranks_on_a_host(const std::vector<RankWork>& work) {
    std::map<std::string, std::size_t> ranks;
    for (const RankWork& rank : work) ++ranks[rank.host];
    std::size_t most = 0;
    for (const auto& [host, count] : ranks) most = std::max(most, count);
    return most;
}

void set_network(Config& config, const Findings& found, const std::vector<RankWork>& work) {
    if (found.messages.empty()) return;
    const MessageFindings& across = found.messages.back();  // remote, where there is that
    const double bytes = link_bytes(across, found.run_sizes);
    set_links(config, across, bytes);
    config.duplex = duplex_of(across, bytes);
    config.eager_limit_B = static_cast<double>(across.eager_limit_bytes);
    config.overlap_progress = progress_of(across);
    if (found.send_ahead) config.send_ahead = rounded(found.send_ahead->share.value);
    if (found.messages.size() < 2) return;
    set_loopback(config, found.messages.front(), across, found.run_sizes);
    config.workers_per_host = most_ranks_on_a_host(work);
    config.cores = config.workers_per_host;
}

}  // namespace

double link_bytes(const MessageFindings& found, const RunSizes& run) {
    if (!run.is_example) return static_cast<double>(run.usual);
    double best_bytes = 0;
    double least_per_byte = 0;
    for (const SizeFindings& size : found.sizes) {
        const auto bytes = static_cast<double>(size.bytes);
        const Segment& segment = found.cost.at(bytes);
        if (segment.per_byte_s * bytes < segment.fixed_s) continue;  // mostly latency
        if (best_bytes > 0 && segment.per_byte_s > least_per_byte) continue;
        best_bytes = bytes;
        least_per_byte = segment.per_byte_s;
    }
    return best_bytes > 0 ? best_bytes : static_cast<double>(found.sizes.back().bytes);
}

MessageCost simulated_cost(const MessageFindings& found, const RunSizes& run) {
    const double overhead_s = message_overhead_s(found);
    const double per_byte_s = link_per_byte_s(found, link_bytes(found, run));
    MessageCost cost{on_link(found, per_byte_s, overhead_s)};
    for (Segment& segment : cost.segments)
        segment.fixed_s += header_bytes * segment.per_byte_s + 2 * overhead_s;
    return cost;
}

scenario::Config platform_of(const Findings& found, const std::vector<RankWork>& work) {
    Config config;
    if (!found.steps.empty()) {
        config.speed_flops = rounded(found.speed_flops.value);
        if (found.vector_flops_per_s.value > 0)
            config.vector_speed_flops = rounded(found.vector_flops_per_s.value);
        if (found.code_flops_per_s.value > 0) config.code_speed_flops = rounded(found.code_flops_per_s.value);
        if (found.update_flops_per_s.value > 0)
            config.update_speed_flops = rounded(found.update_flops_per_s.value);
        if (found.copy_Bps.value > 0) config.copy_bandwidth_Bps = rounded(found.copy_Bps.value);
        if (found.first_use_s_per_byte.value > least_per_byte_s && work.size() > 1)
            config.receive_bandwidth_Bps = rounded(1 / found.first_use_s_per_byte.value);
        config.variability = base::Distribution::parse("--variability", found.variability.empirical);
    }
    set_network(config, found, work);
    return config;
}

scenario::KeyValues settings_of(const Findings& found, const std::vector<RankWork>& work) {
    const Config config = platform_of(found, work);
    scenario::KeyValues settings;
    const auto add_all = [&](std::initializer_list<const char*> keys) {
        for (const char* key : keys) settings.emplace_back(key, scenario::find_option(key)->kind.get(config));
    };
    if (!found.steps.empty())
        add_all({"speed", "vector-speed", "code-speed", "update-speed", "copy-bandwidth", "variability"});
    if (!found.steps.empty() && work.size() > 1) add_all({"receive-bandwidth"});
    if (found.messages.empty()) return settings;
    add_all({"network-model", "latency", "bandwidth", "latency-factor", "bandwidth-factor", "duplex",
             "eager-limit", "message-overhead", "overlap-progress"});
    if (found.send_ahead) add_all({"send-ahead"});
    if (found.messages.size() == 2)
        add_all({"loopback-latency", "loopback-bandwidth", "workers-per-host", "cores"});
    return settings;
}

}  // namespace lockstep::calibration
