#include "calibration/settings.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using scenario::Config;

constexpr double header_bytes = 16;  // that the simulation adds to every message
constexpr double least_s = 1e-9;
constexpr double least_per_byte_s = 1e-12;

/// A number as it is worth writing down.
double rounded(double value) {
    return std::stod(fmt::format("{:.6g}", value));
}

/// A link has one bandwidth, and no message is faster than that: what other sizes cost more a byte is a
/// factor, what they cost less is taken from their latency, at the middle of these sizes.
std::vector<Segment> on_link(const MessageFindings& found, double per_byte_s, double overhead_s) {
    std::vector<Segment> result = found.cost.segments;
    for (std::size_t i = 0; i < result.size(); ++i) {
        Segment& segment = result[i];
        const double until =
            i + 1 < result.size() ? result[i + 1].from_bytes : static_cast<double>(found.sizes.back().bytes);
        const double middle = std::sqrt(std::max(segment.from_bytes, 1.0) * until);
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

/// Time a byte of a message of the model's size, which is what the link is there for.
double link_per_byte_s(const MessageFindings& found, double model_bytes) {
    const double at_model = found.cost.at(model_bytes).per_byte_s;
    if (at_model > 0) return at_model;
    return std::max(std::ranges::max(found.cost.segments, {}, &Segment::per_byte_s).per_byte_s,
                    least_per_byte_s);
}

double message_overhead_s(const MessageFindings& found) {
    return rounded(std::min((found.send_overhead_s + found.receive_overhead_s) / 2,
                            0.4 * found.cost.segments.front().fixed_s));
}

void set_links(Config& config, const MessageFindings& found, double model_bytes) {
    config.message_overhead_s = message_overhead_s(found);
    const double per_byte_s = link_per_byte_s(found, model_bytes);
    const std::vector<Segment> segments = on_link(found, per_byte_s, config.message_overhead_s);
    config.latency_s = rounded(segments.front().fixed_s);
    config.bandwidth_Bps = rounded(1 / per_byte_s);
    if (segments.size() == 1) return;
    config.latency_factor =
        factors(segments, [&](const Segment& segment) { return segment.fixed_s / config.latency_s; });
    config.bandwidth_factor = factors(
        segments, [&](const Segment& segment) { return 1 / segment.per_byte_s / config.bandwidth_Bps; });
}

/// What both directions carry together, as multiples of one, when both are in use by messages of the model's
/// size: of their times the part that grows with their size.
double duplex_of(const MessageFindings& found, double model_bytes) {
    const auto size = std::ranges::find_if(
        found.sizes, [&](const SizeFindings& one) { return static_cast<double>(one.bytes) >= model_bytes; });
    const SizeFindings& nearest = size == found.sizes.end() ? found.sizes.back() : *size;
    const double fixed_s = found.cost.at(static_cast<double>(nearest.bytes)).fixed_s;
    const double alone_s = nearest.one_way_s - fixed_s;
    if (alone_s < nearest.one_way_s / 2) return 2;  // mostly latency, which is no link's capacity
    const double ratio = (nearest.exchange_s - fixed_s) / alone_s;
    return ratio < 1.1 ? 2 : rounded(std::max(2 / ratio, 1.0));
}

scenario::OverlapProgress progress_of(const MessageFindings& found) {
    using enum scenario::OverlapProgress;
    if (!found.progress.of_sends) return none;
    return found.progress.of_receives ? ideal : receiver;
}

/// Within a host, where the simulation has one latency and one bandwidth, times the network's factors.
void set_loopback(Config& config, const MessageFindings& local, const MessageFindings& remote,
                  double model_bytes) {
    const Segment& within = local.cost.at(model_bytes);
    const MessageCost network{on_link(remote, 1 / config.bandwidth_Bps, config.message_overhead_s)};
    const double latency_factor = network.at(model_bytes).fixed_s / config.latency_s;
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

void set_network(Config& config, const Findings& found, const std::vector<RankWork>& work,
                 double model_bytes) {
    if (found.messages.empty()) return;
    const MessageFindings& across = found.messages.back();  // remote, where there is that
    set_links(config, across, model_bytes);
    config.duplex = duplex_of(across, model_bytes);
    config.eager_limit_B = static_cast<double>(across.eager_limit_bytes);
    config.overlap_progress = progress_of(across);
    if (found.first_use_s_per_byte > least_per_byte_s)
        config.receive_bandwidth_Bps = rounded(1 / found.first_use_s_per_byte);
    if (found.messages.size() < 2) return;
    set_loopback(config, found.messages.front(), across, model_bytes);
    config.workers_per_host = most_ranks_on_a_host(work);
    config.cores = config.workers_per_host;
}

}  // namespace

MessageCost simulated_cost(const MessageFindings& found, std::size_t model_bytes) {
    const double overhead_s = message_overhead_s(found);
    const double per_byte_s = link_per_byte_s(found, static_cast<double>(model_bytes));
    MessageCost cost{on_link(found, per_byte_s, overhead_s)};
    for (Segment& segment : cost.segments)
        segment.fixed_s += header_bytes * segment.per_byte_s + 2 * overhead_s;
    return cost;
}

scenario::KeyValues settings_of(const Findings& found, const std::vector<RankWork>& work,
                                std::size_t model_bytes) {
    Config config;
    config.speed_flops = rounded(found.speed_flops);
    if (found.vector_flops_per_s > 0) config.vector_speed_flops = rounded(found.vector_flops_per_s);
    if (found.copy_Bps > 0) config.copy_bandwidth_Bps = rounded(found.copy_Bps);
    config.variability = base::Distribution::parse("--variability", found.variability.empirical);
    set_network(config, found, work, static_cast<double>(model_bytes));
    scenario::KeyValues settings;
    const auto add = [&](std::string_view key) {
        settings.emplace_back(key, scenario::find_option(key)->kind.get(config));
    };
    for (const char* key : {"speed", "vector-speed", "copy-bandwidth", "variability"}) add(key);
    if (found.messages.empty()) return settings;
    for (const char* key :
         {"network-model", "latency", "bandwidth", "latency-factor", "bandwidth-factor", "duplex",
          "eager-limit", "message-overhead", "receive-bandwidth", "overlap-progress"})
        add(key);
    if (found.messages.size() < 2) return settings;
    for (const char* key : {"loopback-latency", "loopback-bandwidth", "workers-per-host", "cores"}) add(key);
    return settings;
}

}  // namespace lockstep::calibration
