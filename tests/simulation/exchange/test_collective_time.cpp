// The simulated time of each collective on the ideal star is its closed form.
#include <algorithm>
#include <bit>
#include <optional>

#include "comm/collectives/allgather.hpp"
#include "comm/collectives/allreduce.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"

namespace test_collective_time {

using namespace lockstep;

namespace {

struct Collective {
    const char* name;
    comm::Allreduce allreduce;
    comm::CollectiveCost (*cost)(std::size_t ranks, std::size_t values, const comm::LinkCost& link);
};

constexpr Collective collectives[] = {
    {"tree", comm::allreduce_tree, comm::tree_cost},
    {"ring", comm::allreduce_ring, comm::ring_cost},
    {"recursive-doubling", comm::allreduce_recursive_doubling, comm::recursive_doubling_cost},
    {"rabenseifner", comm::allreduce_rabenseifner, comm::rabenseifner_cost},
    {"flat", comm::allreduce_flat, comm::flat_cost}};

/// From a common start to the end of the last rank, of one allreduce after the other, for each n.
std::vector<double> times_s(const scenario::Config& config, comm::Allreduce allreduce,
                            const std::vector<std::size_t>& sizes,
                            comm::WireFormat format = comm::WireFormat::float32) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<double> stamps;
        for (const std::size_t n : sizes) {
            std::vector<float> vector(n, 1);
            std::vector<float> scratch(n);
            std::optional<comm::HalfWire> wire;
            if (format != comm::WireFormat::float32) wire.emplace(format, n);
            const comm::Group all(communicator);
            communicator.barrier();
            stamps.push_back(communicator.now_s());
            allreduce(wire ? all.over(*wire) : all, vector, scratch);
            stamps.push_back(communicator.now_s());
        }
        return stamps;
    });
    std::vector<double> times;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        double end_s = 0;
        for (const auto& stamps : ranks) {
            CHECK(stamps[2 * i] == Approx(ranks[0][2 * i]).epsilon(1e-12));
            end_s = std::max(end_s, stamps[2 * i + 1]);
        }
        times.push_back(end_s - ranks[0][2 * i]);
    }
    return times;
}

}  // namespace

TEST_CASE("the time of a collective on the ideal star is its closed form") {
    const auto ranks = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 16);
    // Divisible by p (ring) and by the power of two below (Rabenseifner): there the closed forms are exact.
    const std::vector<std::size_t> sizes{16 * ranks, 1600 * ranks};
    scenario::Config config = support::star_of(ranks);
    config.latency_s = GENERATE(10e-6, 5e-3);
    config.speed_flops = GENERATE(1e15, 1e8);  // adding costs next to nothing, or as much as sending
    for (const Collective& collective : collectives) {
        const auto measured = times_s(config, collective.allreduce, sizes);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            INFO(collective.name << ", " << ranks << " ranks, " << sizes[i] << " values, speed "
                                 << config.speed_flops);
            const double expected = collective.cost(ranks, sizes[i], simulation::link_cost(config)).time_s;
            CHECK(measured[i] == Approx(expected).epsilon(1e-9));
        }
    }
}

TEST_CASE("where ranks do not divide the vector, messages are a value longer or shorter") {
    const auto ranks = GENERATE(as<std::size_t>(), 2, 3, 4, 5, 6, 7, 8, 9, 16);
    const std::vector<std::size_t> sizes{16 * ranks + 1, 1601 * ranks - 1};
    scenario::Config config = support::star_of(ranks);
    config.latency_s = GENERATE(10e-6, 5e-3);
    config.speed_flops = GENERATE(1e15, 1e8);
    for (const Collective& collective : collectives) {
        const auto measured = times_s(config, collective.allreduce, sizes);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            INFO(collective.name << ", " << ranks << " ranks, " << sizes[i] << " values");
            const auto cost_s = [&](std::size_t values) {
                return collective.cost(ranks, values, simulation::link_cost(config)).time_s;
            };
            CHECK(measured[i] >= cost_s(sizes[i] / ranks * ranks) * (1 - 1e-9));
            CHECK(measured[i] <= cost_s((sizes[i] / ranks + 1) * ranks) * (1 + 1e-9));
        }
    }
}

TEST_CASE("a broadcast takes lg p messages, one after the other") {
    const auto ranks = GENERATE(as<std::size_t>(), 2, 3, 4, 5, 8, 9);
    const scenario::Config config = support::star_of(ranks);
    const auto broadcast = [](const comm::Group& group, std::span<float> vector, std::span<float>) {
        comm::broadcast(group, vector);
    };
    const auto rounds = static_cast<double>(std::bit_width(ranks - 1));
    CHECK(times_s(config, broadcast, {1000})[0] ==
          Approx(rounds * simulation::message_s(config, 1000)).epsilon(1e-9));
}

TEST_CASE("in 16 bits it is too, with the conversions on the way") {
    const auto ranks = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 16);
    const std::vector<std::size_t> sizes{32 * ranks, 1600 * ranks};  // chunks of whole words
    scenario::Config config = support::star_of(ranks);
    config.speed_flops = GENERATE(1e10, 1e8);  // SimGrid passes over what takes less than 1 ns
    comm::LinkCost link = simulation::link_cost(config);
    link.halves = true;
    for (const Collective& collective : collectives) {
        const bool hides = collective.allreduce == comm::allreduce_tree && !std::has_single_bit(ranks);
        const auto measured = times_s(config, collective.allreduce, sizes, comm::WireFormat::bfloat16);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            INFO(collective.name << ", " << ranks << " ranks, " << sizes[i] << " values, speed "
                                 << config.speed_flops);
            const double expected = collective.cost(ranks, sizes[i], link).time_s;
            if (hides)
                CHECK((measured[i] < expected && measured[i] > 0.6 * expected));
            else
                CHECK(measured[i] == Approx(expected).epsilon(1e-9));
        }
    }
}

TEST_CASE("an allgather takes p - 1 messages, one after the other") {
    const auto ranks = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 5, 8, 9);
    const scenario::Config config = support::star_of(ranks);
    const auto gather = [](const comm::Group& group, std::span<float> vector, std::span<float> scratch) {
        comm::allgather(group, vector.first(vector.size() / group.size()), scratch);
    };
    const std::size_t words = 1000;
    const double expected = comm::allgather_cost(ranks, words, simulation::link_cost(config)).time_s;
    CHECK(expected == Approx(static_cast<double>(ranks - 1) * simulation::message_s(config, words)));
    CHECK(times_s(config, gather, {words * ranks})[0] == Approx(expected).epsilon(1e-9));
}

}  // namespace test_collective_time
