// One rank sends to a second host, and a quarter of a message's time T later to a third. First in, first out
// the first is there after T, the other after 2 T; where they share the sender's link, after 1.75 T and 2 T.
// Of two that start at once nothing could be told: they share it at first whatever the queue is like.
//
// The share of the first that left before the second began is 2 - 2 t / u for replies after t and u, without
// the time of an empty message and its reply. It is 0.25 at least.
#include "calibration/fan_out.hpp"

#include <algorithm>
#include <cmath>

#include "base/packing.hpp"
#include "base/quantile.hpp"
#include "calibration/busy_work.hpp"

namespace lockstep::calibration {
namespace {

using FanOut = comm::MessageProbe::FanOut;

constexpr double messages_of_fan_out = 3;  // in turn, with handshakes and replies
constexpr std::size_t most_fan_outs = 10;
constexpr std::size_t fewest_fan_outs = 2;
constexpr double share_for_fan_outs = 0.1;
constexpr double share_for_fewest = 0.25;
constexpr double mostly_transfer = 3;  // times what the smallest message takes
constexpr double gap_of_message = 0.25;
constexpr double pieces_of_gap = 16;
constexpr double gap_tick_s = 1e-7;
constexpr double most_told = 2e9;

/// What pairs across hosts tell of the messages to be sent.
struct FanOutPrice {
    std::size_t bytes = 0;
    double one_way_s = 0;
    double empty_s = 0;  ///< of the smallest
    std::size_t fan_outs = 0;
};

/// The median across hosts, of single round trips where there is nothing else; 0 where nobody timed it.
double median_one_way_s(const std::vector<PairSamples>& pairs, std::size_t bytes) {
    std::vector<double> samples_s;
    std::vector<double> single_trips_s;
    for (const PairSamples& pair : pairs) {
        const auto size = std::ranges::find(pair.sizes, bytes, &SizeSamples::bytes);
        if (pair.same_host || size == pair.sizes.end()) continue;
        for (const comm::MessageProbe::Sample& sample : size->samples) samples_s.push_back(sample.one_way_s);
        if (size->single_trip_s > 0) single_trips_s.push_back(size->single_trip_s);
    }
    std::vector<double>& known_s = samples_s.empty() ? single_trips_s : samples_s;
    if (known_s.empty()) return 0;
    std::ranges::sort(known_s);
    return base::quantile(known_s, 0.5);
}

FanOutPrice price_of(const MessagePlan& plan, const std::vector<PairSamples>& pairs) {
    if (plan.run_bytes.empty()) return {};
    const std::size_t bytes = plan.run_bytes.front();
    FanOutPrice price{bytes, median_one_way_s(pairs, bytes), median_one_way_s(pairs, 1), 0};
    if (price.one_way_s > mostly_transfer * price.empty_s)
        price.fan_outs = fan_outs_within(plan.budget_s, price.one_way_s);
    return price;
}

/// Of those that there is time for, one message's time more than that being none.
std::size_t fan_outs_to_end_in(double left_s, const FanOutPrice& price) {
    if (price.fan_outs == 0) return 0;
    const double fit = (left_s + price.one_way_s) / (messages_of_fan_out * price.one_way_s);
    const std::size_t fan_outs =
        std::min(price.fan_outs, static_cast<std::size_t>(std::floor(std::max(fit, 0.0))));
    return fan_outs < fewest_fan_outs ? 0 : fan_outs;
}

/// Rank 0's number, on all.
std::size_t number_of_first(comm::Communicator& communicator, double number) {
    const int mine = communicator.rank() == 0 ? static_cast<int>(std::min(number, most_told)) : 0;
    return static_cast<std::size_t>(communicator.agree_on_maximum(mine));
}

std::vector<FanOut> send_fan_outs(const comm::Communicator& communicator, comm::MessageProbe& probe,
                                  const FanOutRanks& ranks, std::size_t bytes, std::size_t fan_outs,
                                  double gap_s) {
    const double units = gap_s / pieces_of_gap / time_of_unit(communicator);
    const auto piece = static_cast<std::size_t>(std::max(std::floor(units), 1.0));
    std::vector<FanOut> samples;
    for (std::size_t i = 0; i < fan_outs; ++i) {
        const FanOut sample = probe.fan_out(ranks.first, ranks.second, bytes, gap_s, [&] { compute(piece); });
        if (i > 0) samples.push_back(sample);
    }
    return samples;
}

std::vector<double> shares_of(const std::vector<FanOut>& samples, double empty_s) {
    const double round_trip_s = 2 * empty_s;
    std::vector<double> shares;
    shares.reserve(samples.size());
    for (const FanOut& sample : samples)
        shares.push_back(2 - 2 * (sample.first_s - round_trip_s) / (sample.second_s - round_trip_s));
    return shares;
}

}  // namespace

std::optional<FanOutRanks> ranks_of_fan_out(std::span<const std::string> hosts) {
    const std::string& sender = hosts.back();
    const auto first = std::ranges::find_if(hosts, [&](const std::string& host) { return host != sender; });
    if (first == hosts.end()) return std::nullopt;
    const auto second = std::ranges::find_if(
        hosts, [&](const std::string& host) { return host != sender && host != *first; });
    if (second == hosts.end()) return std::nullopt;
    return FanOutRanks{hosts.size() - 1, static_cast<std::size_t>(first - hosts.begin()),
                       static_cast<std::size_t>(second - hosts.begin())};
}

std::size_t fan_outs_within(double budget_s, double one_way_s) {
    const auto fit_into = [&](double share) {
        const double fit = share * budget_s / (messages_of_fan_out * one_way_s);
        return static_cast<std::size_t>(std::min(fit, static_cast<double>(most_fan_outs)));
    };
    const std::size_t fan_outs = fit_into(share_for_fan_outs);
    if (fan_outs >= fewest_fan_outs) return fan_outs;
    return fit_into(share_for_fewest) >= fewest_fan_outs ? fewest_fan_outs : 0;
}

double kept_for_fan_out(const MessagePlan& plan, const std::vector<PairSamples>& pairs) {
    if (std::ranges::all_of(pairs, &PairSamples::same_host)) return share_for_fan_outs * plan.budget_s;
    const FanOutPrice price = price_of(plan, pairs);
    return messages_of_fan_out * price.one_way_s * static_cast<double>(price.fan_outs);
}

FanOutSamples measure_fan_out(comm::Communicator& communicator, comm::MessageProbe& probe,
                              const MessagePlan& plan, const FanOutRanks& ranks,
                              const std::vector<PairSamples>& pairs, double left_s) {
    const FanOutPrice price = price_of(plan, pairs);
    const std::size_t fan_outs =
        number_of_first(communicator, static_cast<double>(fan_outs_to_end_in(left_s, price)));
    if (fan_outs == 0) return {};
    const std::size_t ticks = number_of_first(communicator, gap_of_message * price.one_way_s / gap_tick_s);
    const double gap_s = gap_tick_s * static_cast<double>(ticks);
    if (plan.progress != nullptr)
        plan.progress->begin("messages to two hosts",
                             messages_of_fan_out * price.one_way_s * static_cast<double>(fan_outs), 0);
    const std::size_t bytes = plan.run_bytes.front();
    const std::size_t rank = communicator.rank();
    if (rank == ranks.sender)
        communicator.send_bytes(base::pack(send_fan_outs(communicator, probe, ranks, bytes, fan_outs, gap_s)),
                                0);
    if (rank == ranks.first || rank == ranks.second)
        for (std::size_t i = 0; i < fan_outs; ++i) probe.answer_fan_out(ranks.sender, bytes);
    if (rank != 0) return {};
    const auto samples = base::unpack<std::vector<FanOut>>(communicator.receive_bytes(ranks.sender));
    return {bytes, shares_of(samples, price.empty_s)};
}

}  // namespace lockstep::calibration
