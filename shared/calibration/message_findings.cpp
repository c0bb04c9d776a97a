#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/quantile.hpp"
#include "calibration/findings.hpp"

namespace lockstep::calibration {
namespace {

using Sample = comm::MessageProbe::Sample;

constexpr double outlier_factor = 3;
constexpr std::size_t small_bytes = 64;  // nearly all overhead
constexpr double exact_enough = 0.01;    // relative

std::vector<double> sorted(const std::vector<Sample>& samples, double Sample::*member) {
    std::vector<double> values;
    values.reserve(samples.size());
    for (const Sample& sample : samples) values.push_back(sample.*member);
    std::ranges::sort(values);
    return values;
}

double median(const std::vector<Sample>& samples, double Sample::*member) {
    return base::quantile(sorted(samples, member), 0.5);
}

/// What a single round trip told of a size for which there was no time.
SizeFindings of_single_trips(std::size_t bytes, std::vector<double> one_way_s) {
    std::ranges::sort(one_way_s);
    SizeFindings found;
    found.bytes = bytes;
    found.one_way_s = base::quantile(one_way_s, 0.5);
    found.least_s = found.lower_s = one_way_s.front();
    found.most_s = found.upper_s = one_way_s.back();
    found.one_way_interval = {found.least_s, found.most_s};
    return found;
}

SizeFindings of_size(std::size_t bytes, const std::vector<Sample>& samples) {
    const std::vector<double> one_way = sorted(samples, &Sample::one_way_s);
    SizeFindings found;
    found.bytes = bytes;
    found.samples = samples.size();
    found.one_way_s = base::quantile(one_way, 0.5);
    found.one_way_interval = of_median(one_way);
    found.least_s = one_way.front();
    found.lower_s = base::quantile(one_way, 0.25);
    found.upper_s = base::quantile(one_way, 0.75);
    found.most_s = one_way.back();
    found.send_s = median(samples, &Sample::send_s);
    found.late_receive_s = median(samples, &Sample::late_receive_s);
    found.exchange_s = median(samples, &Sample::exchange_s);
    const auto early = std::ranges::count(samples, true, &Sample::left_early);
    found.left_early = 2 * static_cast<std::size_t>(early) > samples.size();
    found.outliers = static_cast<std::size_t>(std::ranges::count_if(
        one_way, [&](double time_s) { return time_s > outlier_factor * found.one_way_s; }));
    return found;
}

/// The largest size that left early, and the smallest that did not, or 0.
void find_eager_limit(MessageFindings& found) {
    for (const SizeFindings& size : found.sizes) {
        if (size.samples == 0) continue;
        if (!size.left_early) {
            found.eager_limit_bytes = found.largest_eager_bytes > 0 ? size.bytes : 0;
            return;
        }
        found.largest_eager_bytes = size.bytes;
    }
    found.eager_limit_bytes = 2 * found.largest_eager_bytes;
}

/// The processors' share of small messages, as far as it shows: a send that waits for its receiver hides it.
void find_overheads(MessageFindings& found) {
    found.send_overhead_s = found.receive_overhead_s = 0;
    if (!found.sizes.front().left_early) return;
    std::vector<double> sends;
    std::vector<double> receives;
    for (const SizeFindings& size : found.sizes) {
        if (size.bytes > small_bytes || size.samples == 0) continue;
        sends.push_back(size.send_s);
        receives.push_back(size.late_receive_s);
    }
    std::ranges::sort(sends);
    std::ranges::sort(receives);
    found.send_overhead_s = base::quantile(sends, 0.5);
    found.receive_overhead_s = base::quantile(receives, 0.5);
}

/// Whether the pieces are off by more than the measured median itself may be.
bool are_off(const MessageCost& cost, const SizeFindings& size) {
    const double time_s = cost.time_s(static_cast<double>(size.bytes));
    const bool is_within = size.one_way_interval.lower <= time_s && time_s <= size.one_way_interval.upper;
    return !is_within && std::abs(time_s / size.one_way_s - 1) > exact_enough;
}

/// Whether they are off where nothing was measured because that would have taken too long.
bool are_off_beyond(const MessageFindings& found, std::size_t bytes) {
    if (bytes <= found.sizes.back().bytes) return false;
    const auto beyond = static_cast<double>(bytes);
    const double time_s = time_beyond(found.pieces, one_way_times(found), beyond);
    return std::abs(found.pieces.time_s(beyond) / time_s - 1) > exact_enough;
}

/// Of the sizes that the run sends those that need a piece of their own.
void choose_exact_sizes(MessageFindings& found, std::span<const std::size_t> run_bytes) {
    for (const std::size_t bytes : run_bytes) {
        const auto size = std::ranges::find(found.sizes, bytes, &SizeFindings::bytes);
        if (size != found.sizes.end() ? are_off(found.pieces, *size) : are_off_beyond(found, bytes))
            found.exact_bytes.push_back(bytes);
    }
    std::ranges::sort(found.exact_bytes);
}

}  // namespace

std::vector<SizedTime> one_way_times(const MessageFindings& found) {
    std::vector<SizedTime> times;
    for (const SizeFindings& size : found.sizes)
        times.push_back({static_cast<double>(size.bytes), size.one_way_s});
    return times;
}

void find_costs(MessageFindings& found) {
    const std::vector<SizedTime> times = one_way_times(found);
    std::vector<SizedTime> exact;
    for (const std::size_t bytes : found.exact_bytes) {
        const auto size = std::ranges::find(found.sizes, bytes, &SizeFindings::bytes);
        const auto exact_bytes = static_cast<double>(bytes);
        exact.push_back({exact_bytes, size != found.sizes.end()
                                          ? size->one_way_s
                                          : time_beyond(found.pieces, times, exact_bytes)});
    }
    found.cost = made_exact(found.pieces, times, exact);
    find_overheads(found);
}

std::vector<SizeFindings> describe_sizes(std::span<const SizeSamples> sizes) {
    std::map<std::size_t, std::vector<Sample>> by_size;
    std::map<std::size_t, std::vector<double>> single_trips_s;
    for (const SizeSamples& size : sizes) {
        std::vector<Sample>& samples = by_size[size.bytes];
        samples.insert(samples.end(), size.samples.begin(), size.samples.end());
        if (size.samples.empty()) single_trips_s[size.bytes].push_back(size.single_trip_s);
    }
    std::vector<SizeFindings> found;
    found.reserve(by_size.size());
    for (const auto& [bytes, samples] : by_size)
        found.push_back(samples.empty() ? of_single_trips(bytes, single_trips_s[bytes])
                                        : of_size(bytes, samples));
    return found;
}

MessageFindings find_message_cost(const std::string& kind, const std::vector<const PairSamples*>& pairs,
                                  std::span<const std::size_t> run_bytes) {
    MessageFindings found;
    found.kind = kind;
    found.progress = {false, true};
    std::vector<SizeSamples> sizes;
    for (const PairSamples* pair : pairs) {
        found.pairs.emplace_back(pair->first, pair->second);
        found.progress.of_sends |= pair->progress.of_sends;
        found.progress.of_receives &= pair->progress.of_receives;
        found.progress_bytes = std::max(found.progress_bytes, pair->progress_bytes);
        sizes.insert(sizes.end(), pair->sizes.begin(), pair->sizes.end());
    }
    found.sizes = describe_sizes(sizes);
    const std::vector<SizedTime> times = one_way_times(found);
    found.pieces = fit_message_cost(times);
    choose_exact_sizes(found, run_bytes);
    find_costs(found);
    found.fit = residuals(found.cost, times);
    find_eager_limit(found);
    return found;
}

std::optional<SendAhead> find_send_ahead(const FanOutSamples& samples) {
    if (samples.shares.empty()) return std::nullopt;
    SendAhead found{samples.bytes, samples.shares, {}};
    std::ranges::sort(found.shares);
    const double median = base::quantile(found.shares, 0.5);
    found.share.samples = found.shares.size();
    if (median < least_share_ahead) return found;
    const Interval interval = of_median(found.shares);
    const auto within = [](double share) { return std::clamp(share, 0.0, 1.0); };
    found.share = fitted(within(median), {within(interval.lower), within(interval.upper), interval.samples});
    return found;
}

}  // namespace lockstep::calibration
