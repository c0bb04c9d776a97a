#include "comm/collectives/collective_cost.hpp"

#include <bit>
#include <cmath>

namespace lockstep::comm {
namespace {

/// Rounds of a binomial tree: log2 p, rounded up.
unsigned ceil_log2(std::size_t ranks) {
    return static_cast<unsigned>(std::bit_width(ranks - 1));
}

struct Shape {
    std::size_t power;  ///< p', the largest power of two up to p
    std::size_t surplus;
    unsigned log2_power;
};

Shape shape(std::size_t ranks) {
    const std::size_t power = std::bit_floor(ranks);
    return {power, ranks - power, ceil_log2(power)};
}

/// Payload of a message of so many values: whole words.
std::uint64_t payload_B(std::size_t values, const LinkCost& link) {
    return 4 * (link.halves ? (values + 1) / 2 : values);
}

/// Times of a message of so many values; they may be the mean of unequal messages.
struct Times {
    double send_s;
    double reduce_s;
    double convert_s;  ///< on both sides together

    Times(double values, const LinkCost& link)
        : send_s(link.alpha_s +
                 (4 * (link.halves ? std::ceil(values / 2) : values) + link.envelope_B) * link.beta_s_per_B),
          reduce_s(4 * values * link.gamma_s_per_B),
          convert_s(link.halves ? 3 * reduce_s : 0) {}
    Times(std::size_t values, const LinkCost& link) : Times(static_cast<double>(values), link) {}

    double message_s() const { return send_s + convert_s; }
};

/// Messages that fold the surplus ranks in and hand the result back.
void add_fold(CollectiveCost& cost, const Shape& s, std::size_t values, const LinkCost& link) {
    if (s.surplus == 0) return;
    const Times times(values, link);
    cost.messages += 2 * s.surplus;
    cost.bytes += 2 * s.surplus * payload_B(values, link);
    cost.time_s += 2 * times.message_s() + times.reduce_s;
}

/// Bytes in which `ranks` ranks, a power of two, that own the same range of values divide it among them.
std::uint64_t halving_bytes(std::size_t ranks, std::size_t values, const LinkCost& link) {
    if (ranks == 1) return 0;
    const std::size_t lower = values / 2;
    const std::size_t upper = values - lower;
    return ranks / 2 * (payload_B(lower, link) + payload_B(upper, link)) +
           halving_bytes(ranks / 2, lower, link) + halving_bytes(ranks / 2, upper, link);
}

}  // namespace

CollectiveCost tree_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Times times(values, link);
    const unsigned rounds = ceil_log2(ranks);
    return {2 * (ranks - 1), 2 * (ranks - 1) * payload_B(values, link),
            2 * rounds * times.message_s() + rounds * times.reduce_s};
}

CollectiveCost ring_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const double steps = static_cast<double>(ranks - 1);
    const Times chunk(static_cast<double>(values) / static_cast<double>(ranks), link);
    std::uint64_t bytes = 0;
    for (std::size_t k = 0; k < ranks; ++k)
        bytes += payload_B((k + 1) * values / ranks - k * values / ranks, link);
    return {2 * ranks * (ranks - 1), 2 * (ranks - 1) * bytes,
            2 * steps * chunk.message_s() + steps * chunk.reduce_s};
}

CollectiveCost recursive_doubling_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Shape s = shape(ranks);
    const Times times(values, link);
    const std::uint64_t messages = s.power * s.log2_power;
    CollectiveCost cost{messages, messages * payload_B(values, link),
                        s.log2_power * (times.message_s() + times.reduce_s)};
    add_fold(cost, s, values, link);
    return cost;
}

CollectiveCost rabenseifner_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Shape s = shape(ranks);
    CollectiveCost cost{2 * s.power * s.log2_power, 2 * halving_bytes(s.power, values, link), 0};
    double part = static_cast<double>(values);
    for (unsigned round = 0; round < s.log2_power; ++round) {
        part /= 2;
        const Times times(part, link);
        cost.time_s += 2 * times.message_s() + times.reduce_s;
    }
    add_fold(cost, s, values, link);
    return cost;
}

// The ranks convert what they send all at once, and the last one alone what it gets.
CollectiveCost flat_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Times times(values, link);
    const double others = static_cast<double>(ranks - 1);
    const double conversions = ranks > 1 ? static_cast<double>(ranks) : 0;
    return {2 * (ranks - 1), 2 * (ranks - 1) * payload_B(values, link),
            2 * others * times.send_s + conversions * times.convert_s + others * times.reduce_s};
}

CollectiveCost allgather_cost(std::size_t ranks, std::size_t words, const LinkCost& link) {
    const double bytes = 4 * static_cast<double>(words);
    return {ranks * (ranks - 1), ranks * (ranks - 1) * 4 * words,
            static_cast<double>(ranks - 1) * (link.alpha_s + (bytes + link.envelope_B) * link.beta_s_per_B)};
}

}  // namespace lockstep::comm
