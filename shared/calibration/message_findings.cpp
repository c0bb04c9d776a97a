#include <algorithm>
#include <map>

#include "calibration/findings.hpp"

namespace lockstep::calibration {
namespace {

using Sample = comm::MessageProbe::Sample;

constexpr double outlier_factor = 3;
constexpr std::size_t small_bytes = 64;  // nearly all overhead

double at_share(std::vector<double>& values, double share) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, place);
    return *place;
}

std::vector<double> all(const std::vector<Sample>& samples, double Sample::*member) {
    std::vector<double> values;
    values.reserve(samples.size());
    for (const Sample& sample : samples) values.push_back(sample.*member);
    return values;
}

double median(const std::vector<Sample>& samples, double Sample::*member) {
    std::vector<double> values = all(samples, member);
    return at_share(values, 0.5);
}

SizeFindings of_size(std::size_t bytes, const std::vector<Sample>& samples) {
    std::vector<double> one_way = all(samples, &Sample::one_way_s);
    SizeFindings found;
    found.bytes = bytes;
    found.samples = samples.size();
    found.one_way_s = at_share(one_way, 0.5);
    found.least_s = at_share(one_way, 0);
    found.lower_s = at_share(one_way, 0.25);
    found.upper_s = at_share(one_way, 0.75);
    found.most_s = at_share(one_way, 1);
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
    found.send_overhead_s = at_share(sends, 0.5);
    found.receive_overhead_s = at_share(receives, 0.5);
}

}  // namespace

MessageFindings find_message_cost(const std::string& kind, const std::vector<const PairSamples*>& pairs) {
    MessageFindings found;
    found.kind = kind;
    found.progress = {true, true};
    std::map<std::size_t, std::vector<Sample>> by_size;
    for (const PairSamples* pair : pairs) {
        found.pairs.emplace_back(pair->first, pair->second);
        found.progress.of_sends &= pair->progress.of_sends;
        found.progress.of_receives &= pair->progress.of_receives;
        for (const SizeSamples& size : pair->sizes) {
            std::vector<Sample>& samples = by_size[size.bytes];
            samples.insert(samples.end(), size.samples.begin(), size.samples.end());
        }
    }
    std::vector<SizedTime> times;
    for (const auto& [bytes, samples] : by_size) {
        found.sizes.push_back(of_size(bytes, samples));
        times.push_back({static_cast<double>(bytes), found.sizes.back().one_way_s});
    }
    found.cost = fit_message_cost(times);
    found.eager_limit_bytes = eager_limit(found.sizes);
    find_overheads(found);
    return found;
}

}  // namespace lockstep::calibration
