#include "calibration/measure_messages.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/packing.hpp"
#include "calibration/fan_out.hpp"
#include "calibration/pair_measurement.hpp"
#include "comm/message_probe.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t pairs_of_a_kind = 3;
constexpr double least_budget_s = 1e-3;

struct Pair {
    std::size_t first;
    std::size_t second;
    bool same_host;
};

/// So many of them, evenly spread.
void keep_some(std::vector<Pair>& pairs) {
    if (pairs.size() <= pairs_of_a_kind) return;
    std::vector<Pair> kept;
    for (std::size_t i = 0; i < pairs_of_a_kind; ++i)
        kept.push_back(pairs[i * (pairs.size() - 1) / (pairs_of_a_kind - 1)]);
    pairs = kept;
}

std::vector<Pair> choose_pairs(const std::vector<std::string>& hosts) {
    std::vector<Pair> local;
    std::vector<Pair> remote;
    for (std::size_t first = 0; first < hosts.size(); ++first)
        for (std::size_t second = first + 1; second < hosts.size(); ++second) {
            const bool same_host = hosts[first] == hosts[second];
            (same_host ? local : remote).push_back({first, second, same_host});
        }
    keep_some(local);
    keep_some(remote);
    local.insert(local.end(), remote.begin(), remote.end());
    return local;
}

/// What rank 0 says before the next pair.
void tell(const MessagePlan& plan, std::size_t pairs, std::size_t done, double budget_s) {
    if (plan.progress == nullptr) return;
    const auto later = static_cast<double>(pairs - done - 1);
    plan.progress->begin(fmt::format("messages, pair {} of {}", done + 1, pairs), budget_s, later * budget_s);
}

/// An equal share for each pair that is left of what rank 0 has left, known to all.
double budget_of_pair(comm::Communicator& communicator, double left_s, std::size_t pairs_left) {
    constexpr double unit_s = 1e-3;
    const double share_s = std::max(left_s / static_cast<double>(pairs_left), least_budget_s);
    return unit_s * communicator.agree_on_maximum(
                        communicator.rank() == 0 ? static_cast<int>(std::ceil(share_s / unit_s)) : 0);
}

PairSamples measure_pair(comm::Communicator& communicator, comm::MessageProbe& probe, const MessagePlan& plan,
                         const Pair& pair, double budget_s) {
    const std::size_t rank = communicator.rank();
    PairSamples samples{pair.first, pair.second, pair.same_host, {}, 0, {}};
    const bool leads = rank == pair.first;
    if (leads || rank == pair.second)
        PairMeasurement(communicator, probe, leads ? pair.second : pair.first, leads, plan, budget_s)
            .run(samples);
    if (leads && rank != 0) communicator.send_bytes(base::pack(samples), 0);
    if (rank == 0 && pair.first != 0)
        samples = base::unpack<PairSamples>(communicator.receive_bytes(pair.first));
    return samples;
}

}  // namespace

MessageSamples measure_messages(comm::Communicator& communicator, const MessagePlan& plan,
                                const std::vector<std::string>& hosts) {
    comm::MessageProbe probe(communicator, plan.largest_bytes);
    const double end_s = communicator.now_s() + plan.budget_s;
    const auto left_s = [&] { return end_s - communicator.now_s(); };
    MessageSamples all;
    const std::optional<FanOutRanks> fan_out = ranks_of_fan_out(hosts);
    const std::vector<Pair> pairs = choose_pairs(hosts);
    for (std::size_t done = 0; done < pairs.size(); ++done) {
        const double kept_s = fan_out ? kept_for_fan_out(plan, all.pairs) : 0;  // rank 0's counts
        const double budget_s = budget_of_pair(communicator, left_s() - kept_s, pairs.size() - done);
        tell(plan, pairs.size(), done, budget_s);
        PairSamples samples = measure_pair(communicator, probe, plan, pairs[done], budget_s);
        if (communicator.rank() == 0) all.pairs.push_back(std::move(samples));
    }
    if (fan_out) all.fan_out = measure_fan_out(communicator, probe, plan, *fan_out, all.pairs, left_s());
    return all;
}

}  // namespace lockstep::calibration
