#include "calibration/measure_messages.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/random.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t pairs_of_a_kind = 3;
constexpr std::size_t fewest_sizes = 3;  // for a fit
constexpr std::size_t fewest_repeats = 5;
constexpr std::size_t most_repeats = 40;
constexpr double lateness_s = 50e-6;        // of one side of an exchange
constexpr double least_busy_s = 10e-3;      // long beside naps and a time slice of the scheduler
constexpr double messages_of_sample = 7.5;  // in turn, with their handshakes

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

/// 1, 2, 3, 4, 6, 8, 12, 16, ... up to the largest.
std::vector<std::size_t> all_sizes(std::size_t largest) {
    std::vector<std::size_t> sizes{1};
    for (std::size_t power = 2; power <= largest; power *= 2) {
        sizes.push_back(power);
        if (power / 2 * 3 <= largest) sizes.push_back(power / 2 * 3);
    }
    return sizes;
}

void compute(std::size_t units) {
    constexpr int work = 1000;
    backend::compute(static_cast<double>(units * work), [&] {
        if (backend::time_is_simulated()) return;  // nothing depends on the result
        volatile float value = 1;
        for (std::size_t i = 0; i < units * work; ++i) value = value * 0.5F;
    });
}

double time_of_unit(const comm::Communicator& communicator) {
    constexpr std::size_t units = 1000;
    const double began_s = communicator.now_s();
    compute(units);
    return (communicator.now_s() - began_s) / units;
}

/// Both sides of a pair, in step with each other.
class PairMeasurement {
  public:
    PairMeasurement(comm::MessageProbe& probe, const Pair& pair, bool leads, const MessagePlan& plan,
                    double unit_s)
        : probe_(probe),
          peer_(leads ? pair.second : pair.first),
          leads_(leads),
          plan_(plan),
          unit_s_(unit_s) {
        for (const std::size_t bytes : all_sizes(plan.largest_bytes)) sizes_.push_back({bytes, {}});
    }

    std::vector<SizeSamples> run() {
        find_largest();
        for (const std::uint32_t index : schedule()) take(sizes_[index]);
        return std::move(sizes_);
    }

    comm::MessageProbe::Progress progress() {
        const std::size_t bytes = std::min(plan_.model_bytes, plan_.largest_bytes);
        SizeSamples size{bytes, {}};
        for (int repeat = 0; repeat < 3; ++repeat) take(size);
        const double one_way_s = best_of(size);
        const double busy_s = std::max(4 * one_way_s, least_busy_s);
        const std::size_t units =
            probe_.agree(peer_, leads_, static_cast<std::size_t>(std::ceil(busy_s / unit_s_)));
        constexpr int repeats = 5;
        int sends_that_moved = 0;
        int receives_that_moved = 0;
        for (int repeat = 0; repeat < repeats; ++repeat) {
            const auto found = probe_.progress(peer_, leads_, bytes, one_way_s, [&] { compute(units); });
            sends_that_moved += found.of_sends ? 1 : 0;
            receives_that_moved += found.of_receives ? 1 : 0;
        }
        // Once proves of a send that it can; a scheduler may keep others. A receive may find all there by
        // luck.
        return {sends_that_moved > 0, receives_that_moved > repeats / 2};
    }

  private:
    comm::MessageProbe::Sample measure(std::size_t bytes) {
        return probe_.measure(peer_, leads_, bytes,
                              [&] { compute(static_cast<std::size_t>(std::ceil(lateness_s / unit_s_))); });
    }

    void take(SizeSamples& size) {
        size.samples.push_back(measure(size.bytes));
        if (plan_.progress != nullptr) plan_.progress->go_on();
    }

    /// A sample of each size, which also warms up, as long as the fewest repeats of all fit in the budget;
    /// but up to the model's size in any case, unless a single message takes all of it.
    void find_largest() {
        double needed_s = 0;
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            SizeSamples& size = sizes_[i];
            take(size);
            if (decide(needed_s + least_of(size) > plan_.budget_s))  // once may be bad luck
                for (int again = 0; again < 2; ++again) take(size);
            needed_s += least_of(size);
            const bool may_stop =
                i + 1 >= fewest_sizes && (size.bytes >= plan_.model_bytes || least_of(size) > plan_.budget_s);
            if (!decide(may_stop && needed_s > plan_.budget_s)) continue;
            sizes_.resize(i + 1);
            break;
        }
    }

    /// Seconds that the fewest repeats of a size take, by the best of its samples.
    static double least_of(const SizeSamples& size) {
        return fewest_repeats * messages_of_sample * best_of(size);
    }
    static double best_of(const SizeSamples& size) {
        return std::ranges::min(size.samples, {}, &comm::MessageProbe::Sample::one_way_s).one_way_s;
    }

    /// As the leader does.
    bool decide(bool mine) { return probe_.agree(peer_, leads_, mine ? 1 : 0) != 0; }

    /// The leader's: every size as often as the budget allows, shuffled.
    std::vector<std::uint32_t> schedule() {
        std::vector<std::uint32_t> order;
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            const double sample_s = messages_of_sample * best_of(sizes_[i]);
            const double share = plan_.budget_s / static_cast<double>(sizes_.size()) / sample_s;
            const auto repeats =
                static_cast<std::size_t>(std::clamp(share, 1.0 * fewest_repeats, 1.0 * most_repeats));
            order.insert(order.end(), probe_.agree(peer_, leads_, repeats), static_cast<std::uint32_t>(i));
        }
        base::RandomStream(plan_.seed, base::Purpose::calibration_order).shuffle(order);
        for (SizeSamples& size : sizes_) size.samples.clear();
        return order;
    }

    comm::MessageProbe& probe_;
    std::size_t peer_;
    bool leads_;
    const MessagePlan& plan_;
    double unit_s_;  ///< of compute()
    std::vector<SizeSamples> sizes_;
};

/// What rank 0 says before the next pair.
void tell(const MessagePlan& plan, std::size_t pairs, std::size_t done) {
    if (plan.progress == nullptr) return;
    const auto later = static_cast<double>(pairs - done - 1);
    plan.progress->begin(fmt::format("messages, pair {} of {}", done + 1, pairs), plan.budget_s,
                         later * plan.budget_s);
}

}  // namespace

std::vector<PairSamples> measure_messages(comm::Communicator& communicator, const MessagePlan& plan,
                                          const std::vector<std::string>& hosts) {
    comm::MessageProbe probe(communicator, plan.largest_bytes);
    const std::size_t rank = communicator.rank();
    std::vector<PairSamples> all;
    const std::vector<Pair> pairs = choose_pairs(hosts);
    for (const Pair& pair : pairs) {
        communicator.barrier();
        tell(plan, pairs.size(), all.size());
        PairSamples samples{pair.first, pair.second, pair.same_host, {}, {}};
        if (rank == pair.first || rank == pair.second) {
            PairMeasurement measurement(probe, pair, rank == pair.first, plan, time_of_unit(communicator));
            samples.progress = measurement.progress();
            samples.sizes = measurement.run();
        }
        if (rank == pair.first && rank != 0) communicator.send_bytes(base::pack(samples), 0);
        if (rank == 0 && pair.first != 0)
            samples = base::unpack<PairSamples>(communicator.receive_bytes(pair.first));
        if (rank == 0) all.push_back(std::move(samples));
    }
    return all;
}

}  // namespace lockstep::calibration
