#include <algorithm>
#include <map>

#include "base/quantile.hpp"
#include "calibration/findings.hpp"

namespace lockstep::calibration {
namespace {

using Sample = comm::MessageProbe::Sample;

constexpr double outlier_factor = 3;
constexpr std::size_t small_bytes = 64;  // nearly all overhead

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

SizeFindings of_size(std::size_t bytes, const std::vector<Sample>& samples) {
    const std::vector<double> one_way = sorted(samples, &Sample::one_way_s);
    SizeFindings found;
    found.bytes = bytes;
    found.samples = samples.size();
    found.one_way_s = base::quantile(one_way, 0.5);
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

std::size_t eager_limit(const std::vector<SizeFindings>& sizes) {
    const auto late = std::ranges::find(sizes, false, &SizeFindings::left_early);
    if (late == sizes.begin()) return 0;
    return late == sizes.end() ? 2 * sizes.back().bytes : late->bytes;
}

/// The processors' share of small messages, as far as it shows: a send that waits for its receiver hides it.
void find_overheads(MessageFindings& found) {
    if (!found.sizes.front().left_early) return;
    std::vector<double> sends;
    std::vector<double> receives;
    for (const SizeFindings& size : found.sizes) {
        if (size.bytes > small_bytes) continue;
        sends.push_back(size.send_s);
        receives.push_back(size.late_receive_s);
    }
    std::ranges::sort(sends);
    std::ranges::sort(receives);
    found.send_overhead_s = base::quantile(sends, 0.5);
    found.receive_overhead_s = base::quantile(receives, 0.5);
}

}  // namespace

std::vector<SizedTime> one_way_times(const MessageFindings& found) {
    std::vector<SizedTime> times;
    for (const SizeFindings& size : found.sizes)
        times.push_back({static_cast<double>(size.bytes), size.one_way_s});
    return times;
}

MessageFindings find_message_cost(const std::string& kind, const std::vector<const PairSamples*>& pairs) {
    MessageFindings found;
    found.kind = kind;
    found.progress = {false, true};
    std::map<std::size_t, std::vector<Sample>> by_size;
    for (const PairSamples* pair : pairs) {
        found.pairs.emplace_back(pair->first, pair->second);
        found.progress.of_sends |= pair->progress.of_sends;
        found.progress.of_receives &= pair->progress.of_receives;
        for (const SizeSamples& size : pair->sizes) {
            std::vector<Sample>& samples = by_size[size.bytes];
            samples.insert(samples.end(), size.samples.begin(), size.samples.end());
        }
    }
    for (const auto& [bytes, samples] : by_size) found.sizes.push_back(of_size(bytes, samples));
    const std::vector<SizedTime> times = one_way_times(found);
    found.cost = fit_message_cost(times);
    found.fit = residuals(found.cost, times);
    found.eager_limit_bytes = eager_limit(found.sizes);
    find_overheads(found);
    return found;
}

}  // namespace lockstep::calibration
