#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"
#include "calibration/settings.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using scenario::Config;

constexpr double no_limit =
    100;  // times the value: above it what is not seen in the samples may lie anywhere

/// A setting that is a number; nothing where it is not set.
struct NumericSetting {
    std::string_view key;
    std::optional<double> (*get)(const Config& config);
    void (*set)(Config& config, double value);
};

template <auto Member>
constexpr NumericSetting numeric(std::string_view key) {
    return {key, [](const Config& config) -> std::optional<double> { return config.*Member; },
            [](Config& config, double value) { config.*Member = value; }};
}

std::array<NumericSetting, 6> settings_of_network() {
    return {numeric<&Config::latency_s>("latency"),
            numeric<&Config::bandwidth_Bps>("bandwidth"),
            numeric<&Config::duplex>("duplex"),
            numeric<&Config::message_overhead_s>("message-overhead"),
            numeric<&Config::loopback_latency_s>("loopback-latency"),
            numeric<&Config::loopback_bandwidth_Bps>("loopback-bandwidth")};
}

/// Of an end of an interval: what runs may be given.
std::string as_text(const NumericSetting& setting, double value) {
    const auto& kind = scenario::find_option(setting.key)->kind;
    Config config;
    setting.set(config, std::clamp(std::stod(fmt::format("{:.6g}", value)), kind.number->lowest,
                                   kind.number->highest));
    return kind.get(config);
}

/// The settings' own intervals, in their order: of those that have a value on the platform.
class Intervals {
  public:
    Intervals(const scenario::KeyValues& settings, Config platform)
        : settings_(settings), platform_(std::move(platform)) {}

    void add(const NumericSetting& setting, const Fitted& figure) {
        const auto is_it = [&](const auto& entry) { return entry.first == setting.key; };
        if (std::ranges::none_of(settings_, is_it) || !setting.get(platform_) || !(figure.value > 0)) return;
        const bool is_known = figure.samples != 1;
        all_.push_back({std::string(setting.key), is_known ? as_text(setting, figure.lower) : "",
                        is_known ? as_text(setting, figure.upper) : ""});
    }
    std::vector<SettingInterval> take() { return std::move(all_); }

  private:
    const scenario::KeyValues& settings_;
    Config platform_;
    std::vector<SettingInterval> all_;
};

/// As many as there are, each any of them.
std::vector<SizeSamples> drawn_from(const std::vector<SizeSamples>& sizes, base::RandomStream& stream) {
    std::vector<SizeSamples> drawn = sizes;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        for (comm::MessageProbe::Sample& sample : drawn[i].samples)
            sample = sizes[i].samples[stream.below(static_cast<std::uint32_t>(sizes[i].samples.size()))];
    return drawn;
}

/// Of one kind, of each pair.
std::vector<std::vector<SizeSamples>> samples_of(const MessageFindings& kind,
                                                 const std::vector<PairSamples>& pairs) {
    std::vector<std::vector<SizeSamples>> samples;
    for (const PairSamples& pair : pairs)
        if (pair.same_host == (kind.kind == local_kind)) samples.push_back(pair.sizes);
    return samples;
}

/// As many pairs as there are, each any of them, and of each its samples likewise. A size that only others
/// have timed is as they have it: the pieces are of all sizes.
std::vector<SizeSamples> drawn_from_pairs(const std::vector<std::vector<SizeSamples>>& pairs,
                                          base::RandomStream& stream) {
    std::vector<SizeSamples> drawn;
    std::set<std::size_t> known;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::size_t chosen = stream.below(static_cast<std::uint32_t>(pairs.size()));
        for (SizeSamples& size : drawn_from(pairs[chosen], stream)) {
            known.insert(size.bytes);
            drawn.push_back(std::move(size));
        }
    }
    for (const std::vector<SizeSamples>& pair : pairs)
        for (const SizeSamples& size : pair)
            if (!known.contains(size.bytes)) drawn.push_back(size);
    return drawn;
}

/// By which a setting of the network is known: that many of most sizes, or of the one that the link is there
/// for where it is of the link.
std::size_t samples_behind(std::string_view key, const Findings& found) {
    const bool is_local = key.starts_with("loopback");
    const MessageFindings& kind = is_local ? found.messages.front() : found.messages.back();
    std::vector<std::size_t> counts;
    for (const SizeFindings& size : kind.sizes)
        if (size.samples > 0) counts.push_back(size.samples);
    std::ranges::sort(counts);
    const std::size_t mostly = counts[counts.size() / 2];
    if (key == "latency" || key == "message-overhead") return mostly;
    const auto bytes = static_cast<std::size_t>(link_bytes(kind, found.run_sizes));
    const auto of_link = std::ranges::find(kind.sizes, bytes, &SizeFindings::bytes);
    return of_link == kind.sizes.end() ? mostly
                                       : std::min(mostly, std::max<std::size_t>(of_link->samples, 1));
}

void fit_anew(MessageFindings& kind, const std::vector<SizeSamples>& samples) {
    kind.sizes = describe_sizes(samples);
    kind.pieces = refitted(kind.pieces, one_way_times(kind));
    find_costs(kind);
}

void add_network(Intervals& intervals, const Findings& found, const Measurements& measured,
                 std::uint64_t seed) {
    std::vector<std::vector<std::vector<SizeSamples>>> samples;  // by kind and pair
    for (const MessageFindings& kind : found.messages) samples.push_back(samples_of(kind, measured.pairs));
    base::RandomStream stream(seed, base::Purpose::calibration_resampling, 1);
    const auto of_network = settings_of_network();
    std::vector<std::vector<double>> values(of_network.size());
    Findings drawn = found;
    for (std::size_t i = 0; i < resamples; ++i) {
        for (std::size_t kind = 0; kind < samples.size(); ++kind)
            fit_anew(drawn.messages[kind], drawn_from_pairs(samples[kind], stream));
        const Config platform = platform_of(drawn, measured.work);
        for (std::size_t key = 0; key < of_network.size(); ++key)
            values[key].push_back(of_network[key].get(platform).value_or(0));
    }
    const Config platform = platform_of(found, measured.work);
    for (std::size_t key = 0; key < of_network.size(); ++key) {
        Interval interval = middle_of(values[key]);
        interval.samples = samples_behind(of_network[key].key, found);
        intervals.add(of_network[key], fitted(of_network[key].get(platform).value_or(0), interval));
    }
}

}  // namespace

std::vector<SettingInterval> intervals_of(const Findings& found, const Measurements& measured,
                                          std::uint64_t seed) {
    Intervals intervals(found.settings, platform_of(found, measured.work));
    if (!found.steps.empty()) {
        intervals.add(numeric<&Config::speed_flops>("speed"), found.speed_flops);
        intervals.add(numeric<&Config::vector_speed_flops>("vector-speed"), found.vector_flops_per_s);
        intervals.add(numeric<&Config::code_speed_flops>("code-speed"), found.code_flops_per_s);
        intervals.add(numeric<&Config::update_speed_flops>("update-speed"), found.update_flops_per_s);
        intervals.add(numeric<&Config::copy_bandwidth_Bps>("copy-bandwidth"), found.copy_Bps);
        Fitted first_use = found.first_use_s_per_byte;
        first_use.lower = std::max(first_use.lower, first_use.value / no_limit);
        if (first_use.value > 0)
            intervals.add(numeric<&Config::receive_bandwidth_Bps>("receive-bandwidth"),
                          inverse(1, first_use));
    }
    if (found.messages.empty()) return intervals.take();
    add_network(intervals, found, measured, seed);
    const MessageFindings& across = found.messages.back();
    intervals.add(
        numeric<&Config::eager_limit_B>("eager-limit"),
        {static_cast<double>(across.eager_limit_bytes), static_cast<double>(across.largest_eager_bytes),
         static_cast<double>(across.eager_limit_bytes)});
    if (found.send_ahead) intervals.add(numeric<&Config::send_ahead>("send-ahead"), found.send_ahead->share);
    return intervals.take();
}

}  // namespace lockstep::calibration
