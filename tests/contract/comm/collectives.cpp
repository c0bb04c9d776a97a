// Every allreduce, in 32 and 16 bits, and allgather: the sum, its bits, its messages and bytes, and that it
// touches nothing else.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/random.hpp"
#include "comm/collectives/allgather.hpp"
#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/collective_cost.hpp"
#include "compression/half.hpp"
#include "tests/contract/comm/collective_reference.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/gathering.hpp"

namespace lockstep::contract {
namespace {

/// Shorter than, as long as, not divisible by and longer than the number of ranks.
constexpr std::array<std::size_t, 7> lengths{1, 2, 3, 5, 8, 64, 1000};
constexpr float guard = -12345.0F;

struct Pinned {
    comm::Allreduce allreduce;
    std::vector<float> (*reference)(Vectors ranks, Rounding sent);
    comm::CollectiveCost (*cost)(std::size_t ranks, std::size_t values, const comm::LinkCost& link);
};

/// Runs an allreduce on a vector with guards around it and a scratch of just the documented length.
std::vector<float> run(const comm::Group& group, comm::Allreduce allreduce, const std::vector<float>& values,
                       Findings& findings) {
    std::vector<float> memory(values.size() + 2, guard);
    std::vector<float> scratch(values.size() + 2, guard);
    std::ranges::copy(values, memory.begin() + 1);
    group.communicator().log().clear();
    allreduce(group, std::span(memory).subspan(1, values.size()),
              std::span(scratch).subspan(1, values.size()));
    for (const auto& buffer : {memory, scratch})
        findings.expect(buffer.front() == guard && buffer.back() == guard, "n = {}: wrote outside its buffer",
                        values.size());
    return {memory.begin() + 1, memory.end() - 1};
}

/// Every rank's integer-valued vector.
Vectors integers(std::size_t ranks, std::size_t n) {
    Vectors all(ranks, std::vector<float>(n));
    for (std::size_t rank = 0; rank < ranks; ++rank)
        for (std::size_t i = 0; i < n; ++i)
            all[rank][i] =
                static_cast<float>(static_cast<int>((rank + 1) * (i % 7 + 1)) - static_cast<int>(i % 13));
    return all;
}

/// Every rank's vector of numbers whose sum depends on the order of addition.
Vectors fractions(std::size_t ranks, std::size_t n) {
    Vectors all(ranks, std::vector<float>(n));
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        base::RandomStream random(17, base::Purpose::test, static_cast<std::uint32_t>(rank),
                                  static_cast<std::uint32_t>(n));
        for (float& value : all[rank])
            value = static_cast<float>(random.uniform(-1, 1) * std::exp2(random.uniform(-6, 6)));
    }
    return all;
}

void check_sum(Communicator& communicator, const Pinned& collective, const Vectors& ranks,
               Findings& findings) {
    const std::size_t n = ranks[0].size();
    const auto sum = run(communicator, collective.allreduce, ranks[communicator.rank()], findings);
    const auto expected = collective.reference(ranks, as_it_is);
    findings.expect(same_bits(sum, expected), "n = {}: {} instead of {}", n, show(sum), show(expected));
}

void check_integers(const Vectors& ranks, const std::vector<float>& reference, Findings& findings) {
    for (std::size_t i = 0; i < reference.size(); ++i) {
        double sum = 0;
        for (const auto& one : ranks) sum += static_cast<double>(one[i]);
        findings.expect(static_cast<double>(reference[i]) == sum, "value {}: {} instead of {}", i,
                        reference[i], sum);
    }
}

void check_pinned(Communicator& communicator, const Pinned& collective, Findings& findings) {
    for (const std::size_t n : lengths) {
        const Vectors whole = integers(communicator.size(), n);
        check_integers(whole, collective.reference(whole, as_it_is), findings);
        check_sum(communicator, collective, whole, findings);
        check_sum(communicator, collective, fractions(communicator.size(), n), findings);
        const comm::Traffic traffic = support::total_traffic(communicator);
        const auto cost = collective.cost(communicator.size(), n, {});
        findings.expect(traffic.messages == cost.messages && traffic.bytes == cost.bytes,
                        "n = {}: {} messages, {} bytes; by the formula {} and {}", n, traffic.messages,
                        traffic.bytes, cost.messages, cost.bytes);
    }
}

float through_float16(float value) {
    compression::round_to_float16({&value, 1});
    return value;
}

float through_bfloat16(float value) {
    compression::round_to_bfloat16({&value, 1});
    return value;
}

/// All ranks end with the bits of the reference, rounding and all; integers that fit stay exact.
void check_half(Communicator& communicator, const Pinned& collective, Findings& findings) {
    constexpr std::pair<comm::WireFormat, Rounding> formats[] = {
        {comm::WireFormat::float16, through_float16}, {comm::WireFormat::bfloat16, through_bfloat16}};
    for (const auto& [format, rounding] : formats) {
        for (const std::size_t n : lengths) {
            comm::HalfWire wire(format, n);
            const comm::Group group = comm::Group(communicator).over(wire);
            const Vectors ranks = fractions(communicator.size(), n);
            auto sum = run(group, collective.allreduce, ranks[communicator.rank()], findings);
            wire.round(sum);
            const auto expected = collective.reference(ranks, rounding);
            findings.expect(same_bits(sum, expected), "format {}, n = {}: {} instead of {}",
                            static_cast<int>(format), n, show(sum), show(expected));
            const comm::Traffic traffic = support::total_traffic(communicator);
            const auto cost = collective.cost(communicator.size(), n, {.halves = true});
            findings.expect(traffic.messages == cost.messages && traffic.bytes == cost.bytes,
                            "n = {}: {} messages, {} bytes; by the formula {} and {}", n, traffic.messages,
                            traffic.bytes, cost.messages, cost.bytes);
            const Vectors ones(communicator.size(), std::vector<float>(n, 3));
            sum = run(group, collective.allreduce, ones[0], findings);
            const auto total = 3 * static_cast<float>(communicator.size());
            findings.expect(std::ranges::count(sum, total) == static_cast<std::ptrdiff_t>(n),
                            "n = {}: {} instead of {} everywhere", n, show(sum), total);
        }
    }
}

void check(Communicator& communicator, const Pinned& collective, Findings& findings) {
    check_pinned(communicator, collective, findings);
    check_half(communicator, collective, findings);
}

void tree(Communicator& communicator, Findings& findings) {
    check(communicator, {comm::allreduce_tree, tree_sum, comm::tree_cost}, findings);
}
void ring(Communicator& communicator, Findings& findings) {
    check(communicator, {comm::allreduce_ring, ring_sum, comm::ring_cost}, findings);
}
void recursive_doubling(Communicator& communicator, Findings& findings) {
    check(communicator,
          {comm::allreduce_recursive_doubling, recursive_doubling_sum, comm::recursive_doubling_cost},
          findings);
}
void rabenseifner(Communicator& communicator, Findings& findings) {
    check(communicator, {comm::allreduce_rabenseifner, rabenseifner_sum, comm::rabenseifner_cost}, findings);
}
void flat(Communicator& communicator, Findings& findings) {
    check(communicator, {comm::allreduce_flat, flat_sum, comm::flat_cost}, findings);
}

/// The library may add in any order: each addition rounds to half a unit in the last place of a partial sum.
void library(Communicator& communicator, Findings& findings) {
    for (const std::size_t n : lengths) {
        const Vectors ranks = fractions(communicator.size(), n);
        const auto sum = run(communicator, comm::allreduce_library, ranks[communicator.rank()], findings);
        for (std::size_t i = 0; i < n; ++i) {
            double expected = 0;
            double magnitude = 0;
            for (const auto& one : ranks) {
                expected += static_cast<double>(one[i]);
                magnitude += std::abs(static_cast<double>(one[i]));
            }
            const double bound = 0x1p-24 * magnitude * static_cast<double>(ranks.size());
            findings.expect(std::abs(static_cast<double>(sum[i]) - expected) <= bound,
                            "n = {}, value {}: {} instead of {}", n, i, sum[i], expected);
        }
    }
}

void broadcast(Communicator& communicator, Findings& findings) {
    for (const std::size_t n : lengths) {
        const Vectors ranks = fractions(communicator.size(), n);
        std::vector<float> vector = ranks[communicator.rank()];
        communicator.log().clear();
        comm::broadcast(communicator, vector);
        findings.expect(same_bits(vector, ranks[0]), "n = {}: {} instead of {}", n, show(vector),
                        show(ranks[0]));
        const comm::Traffic traffic = support::total_traffic(communicator);
        findings.expect(traffic.messages == communicator.size() - 1, "n = {}: {} messages", n,
                        traffic.messages);
        findings.expect(traffic.bytes == 4 * n * (communicator.size() - 1), "n = {}: {} bytes", n,
                        traffic.bytes);
    }
}

/// Words of any pattern, signalling NaNs among them, arrive everywhere as they were.
void allgather(Communicator& communicator, Findings& findings) {
    const std::size_t p = communicator.size();
    for (const std::size_t n : {0U, 1U, 5U, 1000U}) {
        std::vector<float> expected;
        for (std::size_t rank = 0; rank < p; ++rank)
            for (std::size_t i = 0; i < n; ++i)
                expected.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(
                    i % 3 == 0 ? 0x7f800001 + i : 0x9e3779b9 * (1000 * rank + i))));
        const auto own = std::span<const float>(expected).subspan(communicator.rank() * n, n);
        std::vector<float> memory(p * n + 2, guard);
        communicator.log().clear();
        comm::allgather(communicator, own, std::span(memory).subspan(1, p * n));
        findings.expect(memory.front() == guard && memory.back() == guard, "n = {}: wrote outside", n);
        const std::vector<float> all(memory.begin() + 1, memory.end() - 1);
        findings.expect(same_bits(all, expected), "n = {}: {} instead of {}", n, show(all), show(expected));
        const comm::Traffic traffic = support::total_traffic(communicator);
        const auto cost = comm::allgather_cost(p, n, {});
        findings.expect(traffic.messages == cost.messages && traffic.bytes == cost.bytes,
                        "n = {}: {} messages, {} bytes; by the formula {} and {}", n, traffic.messages,
                        traffic.bytes, cost.messages, cost.bytes);
        findings.expect(traffic.messages == p * (p - 1) && traffic.bytes == 4 * n * p * (p - 1),
                        "n = {}: {} messages, {} bytes", n, traffic.messages, traffic.bytes);
    }
}

}  // namespace

std::vector<Case> collective_cases() {
    return {{"allreduce tree", tree},
            {"allreduce ring", ring},
            {"allreduce recursive-doubling", recursive_doubling},
            {"allreduce rabenseifner", rabenseifner},
            {"allreduce flat", flat},
            {"allreduce library", library},
            {"broadcast", broadcast},
            {"allgather", allgather}};
}

}  // namespace lockstep::contract
