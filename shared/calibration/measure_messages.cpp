#include "calibration/measure_messages.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "calibration/pair_measurement.hpp"

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

}  // namespace

std::vector<PairSamples> measure_messages(comm::Communicator& communicator, const MessagePlan& plan,
                                          const std::vector<std::string>& hosts) {
    comm::MessageProbe probe(communicator, plan.largest_bytes);
    const std::size_t rank = communicator.rank();
    const double end_s = communicator.now_s() + plan.budget_s;
    std::vector<PairSamples> all;
    const std::vector<Pair> pairs = choose_pairs(hosts);
    for (std::size_t done = 0; done < pairs.size(); ++done) {
        const Pair& pair = pairs[done];
        const double budget_s =
            budget_of_pair(communicator, end_s - communicator.now_s(), pairs.size() - done);
        tell(plan, pairs.size(), done, budget_s);
        PairSamples samples{pair.first, pair.second, pair.same_host, {}, 0, {}};
        const bool leads = rank == pair.first;
        if (leads || rank == pair.second)
            PairMeasurement(communicator, probe, leads ? pair.second : pair.first, leads, plan, budget_s)
                .run(samples);
        if (leads && rank != 0) communicator.send_bytes(base::pack(samples), 0);
        if (rank == 0 && pair.first != 0)
            samples = base::unpack<PairSamples>(communicator.receive_bytes(pair.first));
        if (rank == 0) all.push_back(std::move(samples));
    }
    return all;
}

}  // namespace lockstep::calibration
