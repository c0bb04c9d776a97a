#include "comm/collective_cost.hpp"

#include <bit>

namespace lockstep::comm {
namespace {

/// Rounds of a binomial tree: log2 p, rounded up.
unsigned ceil_log2(std::size_t ranks) {
    return static_cast<unsigned>(std::bit_width(ranks - 1));
}

struct Shape {
    double bytes;       ///< B, the whole vector
    std::size_t power;  ///< p', the largest power of two up to p
    std::size_t surplus;
    unsigned log2_power;
};

Shape shape(std::size_t ranks, std::size_t values) {
    const std::size_t power = std::bit_floor(ranks);
    return {4.0 * static_cast<double>(values), power, ranks - power, ceil_log2(power)};
}

double message_s(const LinkCost& link, double bytes) {
    return link.alpha_s + (bytes + link.envelope_B) * link.beta_s_per_B;
}

/// Messages that fold the surplus ranks in and hand the result back.
void add_fold(CollectiveCost& cost, const Shape& s, std::size_t values, const LinkCost& link) {
    if (s.surplus == 0) return;
    cost.messages += 2 * s.surplus;
    cost.bytes += 2 * s.surplus * 4 * values;
    cost.time_s += 2 * message_s(link, s.bytes) + s.bytes * link.gamma_s_per_B;
}

}  // namespace

CollectiveCost tree_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const double bytes = 4.0 * static_cast<double>(values);
    const unsigned rounds = ceil_log2(ranks);
    return {2 * (ranks - 1), 2 * (ranks - 1) * 4 * values,
            2 * rounds * message_s(link, bytes) + rounds * bytes * link.gamma_s_per_B};
}

CollectiveCost ring_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const double steps = static_cast<double>(ranks - 1);
    const double chunk = 4.0 * static_cast<double>(values) / static_cast<double>(ranks);
    return {2 * ranks * (ranks - 1), 2 * (ranks - 1) * 4 * values,
            2 * steps * message_s(link, chunk) + steps * chunk * link.gamma_s_per_B};
}

CollectiveCost recursive_doubling_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Shape s = shape(ranks, values);
    const std::uint64_t messages = s.power * s.log2_power;
    CollectiveCost cost{messages, messages * 4 * values,
                        s.log2_power * (message_s(link, s.bytes) + s.bytes * link.gamma_s_per_B)};
    add_fold(cost, s, values, link);
    return cost;
}

CollectiveCost rabenseifner_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const Shape s = shape(ranks, values);
    CollectiveCost cost{2 * s.power * s.log2_power, 2 * (s.power - 1) * 4 * values, 0};
    double part = s.bytes;
    for (unsigned round = 0; round < s.log2_power; ++round) {
        part /= 2;
        cost.time_s += 2 * message_s(link, part) + part * link.gamma_s_per_B;
    }
    add_fold(cost, s, values, link);
    return cost;
}

CollectiveCost flat_cost(std::size_t ranks, std::size_t values, const LinkCost& link) {
    const double bytes = 4.0 * static_cast<double>(values);
    const double others = static_cast<double>(ranks - 1);
    return {2 * (ranks - 1), 2 * (ranks - 1) * 4 * values,
            2 * others * message_s(link, bytes) + others * bytes * link.gamma_s_per_B};
}

}  // namespace lockstep::comm
