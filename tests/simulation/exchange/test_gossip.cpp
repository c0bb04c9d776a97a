// How long gossip takes, and how far a late worker's delay spreads.
//
// Symbols: h time of one message of n values on an idle network, d neighbours. All of a worker's messages of
// a round share its link, each way: h_d = alpha + d (B + envelope) beta.
#include <algorithm>

#include "exchange/decentralised/graph.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_gossip {

using namespace lockstep;
using scenario::Config;
using scenario::GossipOrder;
using scenario::Graph;
using support::Job;

namespace {

constexpr std::size_t n = 1000;

Config gossip(Graph graph, std::size_t workers) {
    Config config = support::star_of(workers);
    config.method = scenario::Method("gossip");
    config.graph = graph;
    return config;
}

Job job_of(std::uint64_t steps, double step_flops, std::size_t values = n) {
    return {.steps = steps,
            .start = std::vector<float>(values, 1),
            .gradient = support::integer_gradient,
            .step_flops = step_flops};
}

/// When each worker was done with each of its steps, from the start of the exchange on.
std::vector<std::vector<double>> moments(const Config& config, const Job& job) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        const double start_s = communicator.now_s();
        support::FakeTraining training(communicator.rank(), config, job);
        support::RecordingJournal journal(communicator);
        support::train(communicator, config, training, journal, job.start);
        std::vector<double> done_s;
        for (const auto& x : journal.own) done_s.push_back(x.time_s - start_s);
        return done_s;
    });
}

}  // namespace

TEST_CASE("a round of gossip on a star takes the gradient or d messages on one link, and the sum") {
    const auto [graph, workers] = GENERATE(table<Graph, std::size_t>({{Graph("ring"), 1},
                                                                      {Graph("ring"), 2},
                                                                      {Graph("ring"), 5},
                                                                      {Graph("torus"), 9},
                                                                      {Graph("hypercube"), 8},
                                                                      {Graph("complete"), 4},
                                                                      {Graph("exponential"), 6}}));
    Config config = gossip(graph, workers);
    config.gossip_order = GENERATE(GossipOrder::combine_then_adapt, GossipOrder::adapt_then_combine);
    config.latency_s = GENERATE(0.0, 50e-6, 5e-3);
    const double values = GENERATE(24, 1000, 50'000);
    const Job job = job_of(6, GENERATE(1e4, 1e7), static_cast<std::size_t>(values));
    const auto d = static_cast<double>(exchange::degree(graph, workers));
    const double step_s = job.step_flops / config.speed_flops;
    const double apply_s = 2 * values / config.speed_flops;
    const double messages_s =
        d == 0 ? 0 : config.latency_s + d * (4 * values + simulation::envelope_B) / config.bandwidth_Bps;
    const double sum_s = d == 0 ? 0 : 2 * values * (d + 1) / config.speed_flops;
    const double round_s = config.gossip_order == GossipOrder::combine_then_adapt
                               ? std::max(step_s, messages_s) + sum_s + apply_s
                               : step_s + messages_s + sum_s;
    for (const auto& worker : moments(config, job)) CHECK(worker.back() == Approx(6 * round_s).epsilon(1e-9));
}

/// F_i(k) = max(F_i(k-1) + step_i, h + max over neighbours and i of F_j(k-1)) + sum: a delay moves on by one
/// neighbour a round.
TEST_CASE("a late worker delays its neighbours a round later, theirs in the one after") {
    Config config = gossip(Graph("ring"), 8);
    config.bandwidth_Bps = 1e18;  // messages that meet do not slow each other down
    config.speeds_flops = GENERATE(std::vector<double>{5e9, 5e9, 5e9, 1e9, 5e9, 5e9, 5e9, 5e9},
                                   std::vector<double>{5e9, 2e9, 7e9, 1e9, 3e9, 5e9, 9e9, 4e9});
    const Job job = job_of(7, 1e7);
    const double h = simulation::message_s(config, n);
    std::vector<double> done_s(8, 0);
    const auto found_s = moments(config, job);
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        const std::vector<double> before_s = done_s;
        for (std::size_t i = 0; i < 8; ++i) {
            const double start_s = std::max({before_s[(i + 7) % 8], before_s[i], before_s[(i + 1) % 8]});
            const double speed = config.speeds_flops[i];
            done_s[i] = std::max(before_s[i] + job.step_flops / speed, start_s + h) + (6 * n + 2 * n) / speed;
            CHECK(found_s[i][step] == Approx(done_s[i]).epsilon(1e-9));
        }
    }
    // Worker 7 is four neighbours away from the slow one: it takes the first four steps undisturbed.
    if (config.speeds_flops[7] == 5e9) CHECK(found_s[7][3] == Approx(4 * (1e7 + 8 * n) / 5e9).epsilon(1e-9));
    CHECK(found_s[7][6] > found_s[7][3] + 3 * (1e7 + 8 * n) / 5e9 + 1e-3);
}

TEST_CASE("gossip of which a worker stops is stalled, with v until then as without") {
    Config config = gossip(Graph("ring"), 4);
    config.train_samples = 400;
    config.test_samples = 100;
    config.batch = 10;
    config.epochs = 4;
    config.speed_flops = 1e9;
    const auto whole = simulation::whole_run(config);
    REQUIRE(whole.history.size() == 5);
    CHECK(whole.summary.outcome == result::Outcome::finished);
    config.failures = {{1, 0.6 * whole.summary.elapsed_s}};
    const auto stalled = simulation::whole_run(config);
    CHECK(stalled.summary.outcome == result::Outcome::stalled);
    REQUIRE(stalled.history.size() == 3);
    for (std::size_t i = 0; i < stalled.history.size(); ++i) {
        CHECK(stalled.history[i].test_loss == whole.history[i].test_loss);
        CHECK(stalled.history[i].updates == whole.history[i].updates);
    }
    CHECK(stalled.summary.parameters_digest.size() == 32);
    CHECK(stalled.summary.parameters_digest != whole.summary.parameters_digest);
}

}  // namespace test_gossip
