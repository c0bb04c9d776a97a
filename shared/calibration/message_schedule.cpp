#include "calibration/message_schedule.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/random.hpp"

namespace lockstep::calibration {
namespace {

constexpr double share_for_one_each = 0.9;  // of the time: for the first repeat of the run's sizes
constexpr double share_for_run = 0.75;      // and for the fewest repeats of them

/// Of the indices of sizes: the run's, the most telling first.
std::vector<std::size_t> of_run(std::span<const PricedSize> sizes) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        if (sizes[i].worth != PricedSize::not_of_run) indices.push_back(i);
    std::ranges::sort(indices, {}, [&](std::size_t i) { return sizes[i].worth; });
    return indices;
}

/// A power of four: with few of all sizes the changes of a protocol are seen.
bool is_coarse(std::size_t bytes) {
    return std::has_single_bit(bytes) && std::countr_zero(bytes) % 2 == 0;
}

/// Hands out time.
class Repeats {
  public:
    Repeats(double budget_s, std::span<const PricedSize> sizes)
        : sizes_(sizes), repeats_(sizes.size()), left_s_(budget_s) {}

    /// Unless less than `kept_s` would be left.
    void add(std::size_t index, std::size_t count, double kept_s) {
        const double needed_s = static_cast<double>(count) * sizes_[index].sample_s;
        if (left_s_ - needed_s < kept_s) return;
        repeats_[index] += count;
        left_s_ -= needed_s;
    }

    /// As much time for each size that has any.
    void spread() {
        const auto timed = std::ranges::count_if(repeats_, [](std::size_t count) { return count > 0; });
        const double share_s = left_s_ / static_cast<double>(std::max<std::ptrdiff_t>(timed, 1));
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            if (repeats_[i] == 0) continue;
            const auto room = static_cast<double>(most_repeats - repeats_[i]);
            const double more = sizes_[i].sample_s > 0 ? share_s / sizes_[i].sample_s : room;
            repeats_[i] += static_cast<std::size_t>(std::min(more, room));
        }
    }

    std::vector<std::size_t> take() { return std::move(repeats_); }

  private:
    std::span<const PricedSize> sizes_;
    std::vector<std::size_t> repeats_;
    double left_s_;
};

}  // namespace

std::vector<std::size_t> repeats_within(double budget_s, std::span<const PricedSize> sizes) {
    Repeats repeats(budget_s, sizes);
    const std::vector<std::size_t> first = of_run(sizes);
    const auto add_others = [&](bool coarse, std::size_t count) {
        for (std::size_t index = 0; index < sizes.size(); ++index)
            if (sizes[index].worth == PricedSize::not_of_run && is_coarse(sizes[index].bytes) == coarse)
                repeats.add(index, count, 0);
    };
    for (const std::size_t index : first) repeats.add(index, 1, (1 - share_for_one_each) * budget_s);
    add_others(true, 1);
    for (std::size_t round = 1; round < fewest_repeats; ++round)
        for (const std::size_t index : first) repeats.add(index, 1, (1 - share_for_run) * budget_s);
    add_others(true, fewest_repeats - 1);
    add_others(false, fewest_repeats);
    repeats.spread();
    return repeats.take();
}

std::vector<std::uint32_t> order_of(std::span<const std::size_t> repeats, std::span<const PricedSize> sizes,
                                    std::uint64_t seed) {
    base::RandomStream stream(seed, base::Purpose::calibration_order);
    const std::size_t rounds = repeats.empty() ? 0 : std::ranges::max(repeats);
    std::vector<std::uint32_t> order;
    for (std::size_t round = 0; round < rounds; ++round)
        for (const bool is_of_run : {true, false}) {
            std::vector<std::uint32_t> part;
            for (std::uint32_t i = 0; i < sizes.size(); ++i)
                if (repeats[i] > round && (sizes[i].worth != PricedSize::not_of_run) == is_of_run)
                    part.push_back(i);
            stream.shuffle(part);
            order.insert(order.end(), part.begin(), part.end());
        }
    return order;
}

}  // namespace lockstep::calibration
