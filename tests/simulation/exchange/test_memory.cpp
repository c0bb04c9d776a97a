// What the ranks of each method hold at the same time, as counted, in vectors of n values. Each has the start
// vector; what a method adds is written beside it.
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "run/load_problem.hpp"
#include "run/summary.hpp"
#include "scenario/parse.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_memory {

using namespace lockstep;

namespace {

using Vectors = std::vector<double>;  // by rank

constexpr double n = 2400;
constexpr double c = 4;  // workers
constexpr std::size_t steps = 40;

scenario::Config config_of(const std::string& options) {
    std::istringstream words(options);
    std::vector<std::string> arguments;
    for (std::string word; words >> word;) arguments.push_back(word);
    return scenario::parse(arguments).config;
}

/// Besides what every run's prediction adds: the data, and a worker's batch and own gradient.
Vectors held(const std::string& method) {
    const std::size_t team = method.starts_with("serial") ? 1 : 4;
    const scenario::Config config =
        config_of(fmt::format("--model phantom --parameters {} --flops-per-sample 1e6 --batch 1 --epochs 1 "
                              "--train-samples {} --workers {} --method {}",
                              n, steps * team, team, method));
    const run::Problem problem = run::load_problem(config);
    Vectors vectors;
    for (const result::Worker& worker : simulation::whole_run(config).workers) {
        const double rest_bytes = run::predicted_memory_bytes(problem, worker.is_server, {});
        vectors.push_back((worker.memory_bytes - rest_bytes) / (4 * n));
    }
    return vectors;
}

/// Of c workers alike, then of so many servers.
Vectors workers(double each, const Vectors& servers = {}) {
    Vectors all(static_cast<std::size_t>(c), each);
    all.insert(all.end(), servers.begin(), servers.end());
    return all;
}

void check(const std::string& method, const Vectors& expected) {
    CAPTURE(method);
    const Vectors found = held(method);
    REQUIRE(found.size() == expected.size());
    for (std::size_t rank = 0; rank < found.size(); ++rank) {
        CAPTURE(rank);
        CHECK(found[rank] == Approx(expected[rank]).epsilon(1e-9));
    }
}

constexpr double start = 1;

}  // namespace

TEST_CASE("memory: one worker holds w") {
    check("serial", {start + 1});
    check("serial --optimiser momentum", {start + 1 + 2});  // gradient, velocity
    check("serial --optimiser nesterov", {start + 1 + 3});  // and where to look ahead
}

TEST_CASE("memory: synchronous workers hold w or v, and scratch of a sum") {
    check("sync-average", workers(start + 2));
    check("local-sgd --period 2", workers(start + 2));
    check("post-local-sgd --period 2", workers(start + 2));
    check("allreduce", workers(start + 3));  // v, gradient, scratch
    check("allreduce --optimiser momentum", workers(start + 4));
    check("diloco --period 2", workers(start + 6));  // w, scratch, v, delta, outer velocity, look-ahead
    check("diloco --period 2 --outer-optimiser sgd", workers(start + 4));
    const double leader = start + 3;  // scratch on both levels
    check("hierarchical --groups 2 --period 2", {leader, start + 2, leader, start + 2});
}

TEST_CASE("memory: of gradients that travel as codes") {
    const double wire = 2 * 0.5;  // half a vector each way
    check("allreduce --compression fp16", workers(start + 3 + wire));
    const double code = 2 * 0.1;          // an index and a value each
    const double encoder = code + 2;      // what is owed, what was sent
    const double decoder = c * code + 1;  // codes of all, one of them decoded
    check("allreduce --compression top-k --top-k 0.1",
          workers(start + 2 + encoder + decoder));     // v, gradient
    check("softsync --compression top-k --top-k 0.1",  // inboxes are as long as codes, replies are v
          workers(start + 2 + encoder, {start + 1 + c * (code + 1) + 2}));
}

TEST_CASE("memory: a server holds v, and an inbox and a reply for each worker") {
    const double server = start + 1 + 2 * c;
    check("by-arrival", workers(start + 1, {server}));
    check("by-arrival --push-every 1 --pull-every 2", workers(start + 2, {server}));  // a copy to push
    check("in-turn --server dedicated", workers(start + 1, {server}));
    check("bounded-staleness", workers(start + 2, {server}));  // v, gradient
    check("softsync", workers(start + 2, {server}));
    check("backup-workers", workers(start + 2, {server}));
    check("backup-workers --optimiser momentum", workers(start + 2, {server + 1}));
    check("dc-asgd --compensation-rule constant", workers(start + 2, {server}));
    check("dc-asgd --compensation-rule adaptive", workers(start + 2, {server + 1}));  // mean square
    check("easgd --server dedicated --period 2", workers(start + 2, {server}));       // x, v
    check("easgd --server none --period 2", workers(start + 4));                      // x, v, sum, scratch
}

TEST_CASE("memory: several servers share it") {
    const double server = start + (1 + 2 * c) / 2;
    check("by-arrival --servers 2", workers(start + 2, {server, server}));  // a copy to push
}

TEST_CASE("memory: without a centre") {
    check("in-turn --server none", workers(start + 3));       // v, w, what was received
    const double ring = 2;                                    // inboxes
    check("gossip --graph ring", workers(start + 3 + ring));  // x, its mean, gradient
    check("gossip --graph ring --gossip-order adapt-then-combine", workers(start + 2 + ring));
    const double active = start + 3;               // x, gradient, answer
    const double passive = start + 2 + 2 * c / 2;  // x, gradient, a request and an answer for each who asks
    check("ad-psgd", {active, passive, active, passive});
}

TEST_CASE("memory: what every run needs besides") {
    const scenario::Config config = config_of(
        "--method serial --data digits --train-samples 200 "
        "--test-samples 100 --hidden 8 --batch 20 --epochs 1");
    const double parameters = 784 * 8 + 8 + 8 * 10 + 10;
    const double data_bytes = 300 * 785;
    const double batch_bytes = 4 * 20 * 784;
    const double vectors = start + 1 + 1;  // w, the gradient of its step
    CHECK(simulation::whole_run(config).workers[0].memory_bytes ==
          Approx(data_bytes + batch_bytes + 4 * vectors * parameters).epsilon(1e-12));
}

}  // namespace test_memory
