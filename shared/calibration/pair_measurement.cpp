#include "calibration/pair_measurement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "calibration/busy_work.hpp"

namespace lockstep::calibration {
namespace {

constexpr double lateness_s = 50e-6;         // of one side of an exchange
constexpr double least_busy_s = 10e-3;       // long beside naps and a time slice of the scheduler
constexpr double messages_of_sample = 7.5;   // in turn, with their handshakes
constexpr double messages_busy = 4;          // for which a processor computes while one message travels
constexpr double share_for_progress = 0.25;  // of the time, at most; for a single try more
constexpr double share_for_one_try = 0.4;
constexpr double share_for_larger = 0.02;  // for the price of a size larger than all that the run sends
constexpr double share_for_any = 0.1;      // the same where any size may be sent
constexpr std::size_t progress_repeats = 5;
constexpr std::size_t fewest_sizes = 3;  // for a fit
constexpr std::size_t price_step = 4;    // sizes between two that are tried follow from these

/// 1, 2, 3, 4, 6, 8, 12, 16, ... up to the largest.
std::vector<std::size_t> grid(std::size_t largest) {
    std::vector<std::size_t> sizes{1};
    for (std::size_t power = 2; power <= largest; power *= 2) {
        sizes.push_back(power);
        if (power / 2 * 3 <= largest) sizes.push_back(power / 2 * 3);
    }
    return sizes;
}

double busy_s(double one_way_s) {
    return std::max(messages_busy * one_way_s, least_busy_s);
}

/// Of both tries, of a message that is sent and one that is received.
double time_of_progress(double one_way_s) {
    return 2 * (busy_s(one_way_s) + one_way_s);
}

}  // namespace

PairMeasurement::PairMeasurement(const comm::Communicator& communicator, comm::MessageProbe& probe,
                                 std::size_t peer, bool leads, const MessagePlan& plan, double budget_s)
    : communicator_(communicator),
      probe_(probe),
      peer_(peer),
      leads_(leads),
      plan_(plan),
      budget_s_(budget_s),
      end_s_(communicator.now_s() + budget_s),
      unit_s_(time_of_unit(communicator)) {
    list_sizes();
}

void PairMeasurement::list_sizes() {
    std::vector<std::size_t> all = grid(plan_.largest_bytes);
    for (const std::size_t bytes : plan_.run_bytes)
        if (bytes <= plan_.largest_bytes) all.push_back(bytes);
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const std::size_t bytes : all) {
        const auto place = std::ranges::find(plan_.run_bytes, bytes);
        const bool is_of_run = place != plan_.run_bytes.end();
        sizes_.push_back(
            {bytes, HUGE_VAL,
             is_of_run ? static_cast<std::size_t>(place - plan_.run_bytes.begin()) : PricedSize::not_of_run});
        samples_.push_back({bytes, 0, {}});
    }
}

void PairMeasurement::run(PairSamples& samples) {
    price();
    take_scheduled();
    find_progress(samples);
    std::erase_if(samples_,
                  [](const SizeSamples& size) { return size.samples.empty() && size.single_trip_s == 0; });
    samples.sizes = std::move(samples_);
}

/// The better one of two round trips, where a second costs next to nothing; the first may be bad luck.
double PairMeasurement::priced_s(std::size_t bytes) {
    const double first_s = probe_.time_one_way(peer_, leads_, bytes);
    constexpr double next_to_nothing = 0.01;
    if (agree(2 * first_s < next_to_nothing * left_s() ? 1 : 0) == 0) return first_s;
    return std::min(first_s, probe_.time_one_way(peer_, leads_, bytes));
}

/// Of a size that the next one is not far from, only the most telling of the run's have a price of their own.
bool PairMeasurement::needs_price(std::size_t index, const PricedSize& last) const {
    const std::size_t usual_bytes = plan_.run_bytes.empty() ? 0 : plan_.run_bytes.front();
    const PricedSize& size = sizes_[index];
    return size.bytes >= price_step * last.bytes ||
           (size.worth != PricedSize::not_of_run && size.bytes >= usual_bytes);
}

std::size_t PairMeasurement::largest_of_run() const {
    return plan_.run_bytes.empty() ? 0 : std::ranges::max(plan_.run_bytes);
}

/// No message takes longer than a smaller one in proportion: so much is foreseen of the next size.
void PairMeasurement::price() {
    std::vector<std::size_t> priced;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
        const std::size_t bytes = sizes_[i].bytes;
        double foreseen_s = 0;
        if (!priced.empty()) {
            const PricedSize& last = sizes_[priced.back()];
            if (!needs_price(i, last)) continue;
            const double ratio = static_cast<double>(bytes) / static_cast<double>(last.bytes);
            foreseen_s = 2 * ratio * samples_[priced.back()].single_trip_s;
        }
        const bool is_larger = bytes > largest_of_run();
        const double share = plan_.serves_all_sizes ? share_for_any : share_for_larger;
        const double most_s = is_larger ? share * budget_s_ : left_s();
        if (agree(foreseen_s > most_s ? 1 : 0) != 0) break;
        samples_[i].single_trip_s = priced_s(bytes);
        sizes_[i].sample_s = messages_of_sample * samples_[i].single_trip_s;
        priced.push_back(i);
    }
    price_those_between(priced);
}

/// In proportion to the next smaller one, but no more than the next larger one.
void PairMeasurement::price_those_between(const std::vector<std::size_t>& priced) {
    for (std::size_t place = 0; place < priced.size(); ++place) {
        const PricedSize below = sizes_[priced[place]];
        const bool is_last = place + 1 == priced.size();
        const std::size_t end = is_last ? sizes_.size() : priced[place + 1];
        const double above_s = is_last ? HUGE_VAL : sizes_[end].sample_s;
        for (std::size_t i = priced[place] + 1; i < end; ++i) {
            const double ratio = static_cast<double>(sizes_[i].bytes) / static_cast<double>(below.bytes);
            if (is_last && ratio >= price_step) break;  // nobody knows
            sizes_[i].sample_s = std::min(ratio * below.sample_s, std::max(above_s, below.sample_s));
        }
    }
}

void PairMeasurement::take(std::size_t index) {
    const double began_s = communicator_.now_s();
    samples_[index].samples.push_back(probe_.measure(peer_, leads_, sizes_[index].bytes, [&] {
        compute(static_cast<std::size_t>(std::ceil(lateness_s / unit_s_)));
    }));
    sizes_[index].sample_s = communicator_.now_s() - began_s;
    if (plan_.progress != nullptr) plan_.progress->go_on();
}

/// The leader's; keeps time for what follows.
std::vector<std::uint32_t> PairMeasurement::schedule() {
    double usual_s = 0;
    for (const PricedSize& size : sizes_)
        if (size.worth == 0 && std::isfinite(size.sample_s)) usual_s = size.sample_s / messages_of_sample;
    const double one_try_s = time_of_progress(usual_s);
    kept_s_ = std::min(
        progress_repeats * one_try_s,
        std::max(share_for_progress * budget_s_, std::min(one_try_s, share_for_one_try * budget_s_)));
    const std::vector<std::size_t> repeats = repeats_within(std::max(left_s() - kept_s_, 0.0), sizes_);
    return order_of(repeats, sizes_, plan_.seed);
}

void PairMeasurement::take_scheduled() {
    const std::size_t stop = sizes_.size();
    for (std::size_t i = 0; i < std::min(fewest_sizes, sizes_.size()); ++i) take(i);
    if (!leads_) {
        for (std::size_t index = agree(0); index != stop; index = agree(0)) take(index);
        return;
    }
    for (const std::uint32_t index : schedule())
        if (sizes_[index].sample_s < left_s() - kept_s_) take(agree(index));
    agree(stop);
}

double PairMeasurement::one_way_s(std::size_t index) const {
    const SizeSamples& size = samples_[index];
    return std::ranges::min(size.samples, {}, &comm::MessageProbe::Sample::one_way_s).one_way_s;
}

/// The run's usual size, or the largest other one for which there is time; the leader's.
std::size_t PairMeasurement::size_for_progress() const {
    std::size_t largest = 0;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
        if (samples_[i].samples.empty() || (i > 0 && time_of_progress(one_way_s(i)) > left_s())) continue;
        largest = i;
        if (sizes_[i].worth == 0) break;
    }
    return largest;
}

/// Once proves of a send that it can; a scheduler may keep others. A receive may find all there by luck.
void PairMeasurement::find_progress(PairSamples& samples) {
    const std::size_t index = agree(leads_ ? size_for_progress() : 0);
    const std::size_t bytes = sizes_[index].bytes;
    const double travels_s = leads_ ? one_way_s(index) : 0;
    const std::size_t units = agree(static_cast<std::size_t>(std::ceil(busy_s(travels_s) / unit_s_)));
    std::size_t repeats = 0;
    std::size_t sends_that_moved = 0;
    std::size_t receives_that_moved = 0;
    do {
        const auto found = probe_.progress(peer_, leads_, bytes, travels_s, [&] { compute(units); });
        sends_that_moved += found.of_sends ? 1 : 0;
        receives_that_moved += found.of_receives ? 1 : 0;
        ++repeats;
    } while (agree(repeats < progress_repeats && time_of_progress(travels_s) < left_s() ? 1 : 0) != 0);
    samples.progress = {sends_that_moved > 0, 2 * receives_that_moved > repeats};
    samples.progress_bytes = bytes;
}

}  // namespace lockstep::calibration
