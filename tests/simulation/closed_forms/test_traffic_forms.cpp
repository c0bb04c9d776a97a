// Messages and bytes as docs/algorithms.md states them, written down a second time and counted in runs over a
// grid of sizes. (Contracts hold the same counts against what the program itself predicts, in both worlds.)
#include <algorithm>
#include <bit>
#include <cmath>

#include "exchange/decentralised/graph.hpp"
#include "scenario/config.hpp"
#include "tests/simulation/closed_forms/timed_run.hpp"
#include "tests/support/catch.hpp"

namespace test_traffic_forms {

using namespace lockstep;
using scenario::Collective;
using scenario::Compression;
using scenario::Config;
using scenario::Method;
using simulation::timed;
using simulation::timed_job;
using support::Job;

namespace {

const Collective all_collectives[] = {Collective("tree"), Collective("ring"),
                                      Collective("recursive-doubling"), Collective("rabenseifner"),
                                      Collective("flat")};

/// Messages, and bytes in vectors of n values.
struct Count {
    double messages = 0;
    double vectors = 0;

    Count operator*(double times) const { return {messages * times, vectors * times}; }
    Count operator+(const Count& other) const { return {messages + other.messages, vectors + other.vectors}; }
};

double number(std::size_t count) {
    return static_cast<double>(count);
}

/// The page's table of collectives.
Count collective(Collective kind, std::size_t ranks) {
    const double p = number(ranks);
    const double power = number(std::bit_floor(ranks));
    const double r = p - power;
    const double lg = std::log2(power);
    if (kind == "ring") return {2 * p * (p - 1), 2 * (p - 1)};
    if (kind == "recursive-doubling") return {power * lg + 2 * r, power * lg + 2 * r};
    if (kind == "rabenseifner") return {2 * power * lg + 2 * r, 2 * (power - 1) + 2 * r};
    return {2 * (p - 1), 2 * (p - 1)};  // tree, flat
}

/// Of a run, with the messages' payload alone.
struct Counted {
    double messages;
    double bytes;
    double steps_taken;
};

Counted count(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const auto run = run_exchange(communicator, config, job);
        return std::vector<double>{number(run.traffic.messages), number(run.traffic.bytes),
                                   number(run.steps_taken)};
    });
    return {ranks[0][0], ranks[0][1], ranks[0][2]};
}

void check(const Config& config, const Job& job, const Count& expected) {
    const Counted counted = count(config, job);
    CAPTURE(scenario::name(config.method), scenario::name(config.collective), config.workers, config.servers,
            job.steps, job.start.size());
    CHECK(counted.messages == Approx(expected.messages));
    CHECK(counted.bytes == Approx(expected.vectors * 4 * number(job.start.size())));
}

Config without_a_server(Method method, std::size_t workers) {
    Config config = timed(method, workers);
    config.server = exchange::Server::none;
    return config;
}

double divided_up(std::size_t number_of, std::size_t by) {
    return number((number_of + by - 1) / by);
}

}  // namespace

TEST_CASE("methods in which all meet: the collective's messages, so many times") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 6, 9, 16);
    const auto [steps, n] = GENERATE(table<std::size_t, std::size_t>({{1, 7}, {7, 96}}));
    const Job job = timed_job(steps, n, 1e6);
    for (const Collective kind : all_collectives) {
        const Count meeting = collective(kind, workers);
        for (const Method method : {Method("allreduce"), Method("sync-average")}) {
            Config config = without_a_server(method, workers);
            config.collective = kind;
            check(config, job, meeting * number(job.steps));
        }
        for (const Method method : {Method("local-sgd"), Method("diloco"), Method("easgd")}) {
            Config config = without_a_server(method, workers);
            config.collective = kind;
            config.period.steps = 3;
            check(config, job, meeting * divided_up(job.steps, 3));
        }
    }
}

TEST_CASE("post-local-sgd: once a step, and then once a period") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 3, 8);
    Config config = without_a_server(Method("post-local-sgd"), workers);
    config.synchronous_epochs = GENERATE(as<std::size_t>(), 0, 1, 2);
    config.period.steps = 3;
    Job job = timed_job(14, 96, 1e6);
    job.steps_per_epoch = 4;
    const std::size_t synchronous = 4 * config.synchronous_epochs;
    check(config, job,
          collective(config.collective, workers) *
              (number(synchronous) + divided_up(job.steps - synchronous, 3)));
}

TEST_CASE("hierarchical: collectives in each group, one of leaders, and G (k - 1) vectors") {
    const auto [groups, size] = GENERATE(table<std::size_t, std::size_t>({{2, 1}, {2, 3}, {4, 2}, {3, 4}}));
    Config config = without_a_server(Method("hierarchical"), groups * size);
    config.groups = groups;
    config.group_period = 2;
    config.period.steps = 4;
    for (const Collective kind : all_collectives) {
        config.collective = kind;
        const double broadcasts = number(groups * (size - 1));
        check(config, timed_job(11, 96, 1e6),
              collective(kind, size) * number(groups) * 6 +
                  (collective(kind, groups) + Count{broadcasts, broadcasts}) * 3);
    }
}

TEST_CASE("buckets: k times the ring's messages, the same bytes") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5, 8);
    const auto buckets = GENERATE(as<std::size_t>(), 1, 3, 8);
    Config config = without_a_server(Method("allreduce"), workers);
    config.collective = Collective("ring");
    config.buckets = buckets;
    const Count ring = collective(Collective("ring"), workers);
    check(config, timed_job(4, 96, 1e6), Count{ring.messages * number(buckets), ring.vectors} * 4);
}

TEST_CASE("in turn: one vector an update less one in all, or two an update on a server") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5);
    const Job job = timed_job(GENERATE(as<std::size_t>(), 1, 6), 96, 1e6);
    const double updates = number(job.steps * workers);
    const double token = workers > 1 ? updates - 1 : 0;
    check(without_a_server(Method("in-turn"), workers), job, {token, token});
    check(timed(Method("in-turn"), workers), job, {2 * updates, 2 * updates});
}

TEST_CASE("servers: a vector each way for every push and grant, n times as many messages, (n - 1) c empty") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 8);
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 5);
    const auto n = GENERATE(as<std::size_t>(), 7, 96);
    const double farewells = number((servers - 1) * workers);
    const auto on_all_servers = [&](double vectors) {
        return Count{vectors * number(servers) + farewells, vectors};
    };
    const Job job = timed_job(12, n, 1e6);
    const double steps = 12 * number(workers);
    for (const Method method : {Method("by-arrival"), Method("bounded-staleness"), Method("dc-asgd")})
        check(timed(method, workers, servers), job, on_all_servers(2 * steps));
    Config config = timed(Method("easgd"), workers, servers);
    config.period.steps = 3;
    check(config, job, on_all_servers(2 * steps / 3));
    config = timed(Method("by-arrival"), workers, servers);
    config.push_every = 2;
    config.pull_every = 6;
    check(config, job, on_all_servers(steps / 2 + steps / 6));
    config = timed(Method("bounded-staleness"), workers, servers);
    config.staleness_bound = 0;
    check(config, job, on_all_servers(2 * steps));
}

TEST_CASE("softsync and backup-workers: a vector each way for every gradient, dropped ones, too") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 5, 8);
    Job job = timed_job(7, 96, 1e6);
    Config config = timed(Method("softsync"), workers);
    config.splitting = 2;
    check(config, job, Count{1, 1} * (2 * 7 * number(workers)));
    config = timed(Method("backup-workers"), workers);
    config.backup = 1;
    job.first_is_slow = GENERATE(1.0, 2.7, 20.0);
    const double gradients = count(config, job).steps_taken;
    CHECK(gradients > 7 * number(workers - 1));
    check(config, job, Count{1, 1} * (2 * gradients));
}

TEST_CASE("gossip: c d vectors a round; ad-psgd: 2 ceil(c / 2) a step, none alone") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 4, 9, 16);
    const Job job = timed_job(5, 96, 1e6);
    Config config = without_a_server(Method("gossip"), workers);
    const auto degree = [&](scenario::Graph graph) -> double {
        const double c = number(workers);
        if (workers == 1) return 0;
        if (graph == scenario::Graph("ring")) return workers == 2 ? 1 : 2;
        if (graph == scenario::Graph("torus")) return 4;
        if (graph == scenario::Graph("complete")) return c - 1;
        return std::ceil(std::log2(c));
    };
    for (const scenario::Graph& graph : scenario::Graph::all()) {
        const bool is_there = (graph != scenario::Graph("torus") || workers == 9 || workers == 16) &&
                              (graph != scenario::Graph("hypercube") || std::has_single_bit(workers));
        config.graph = graph;
        if (is_there) check(config, job, Count{1, 1} * (number(workers) * degree(graph) * 5));
    }
    const double pairs = workers == 1 ? 0 : divided_up(workers, 2);
    check(without_a_server(Method("ad-psgd"), workers), job, Count{1, 1} * (2 * pairs * 5));
}

namespace {

/// 32-bit words of a code of n values, a matrix of so many columns.
double words(const Config& config, std::size_t n, std::size_t columns) {
    const double levels = 2 * number(config.levels) + 1;
    const double rank = number(config.compression_rank);
    const Compression& code = config.compression;
    if (code == "top-k") return 2 * std::max(1.0, std::round(config.top_k * number(n)));
    if (code == "qsgd") return 1 + std::ceil(number(n) * std::ceil(std::log2(levels)) / 32);
    if (code == "sign") return std::ceil(number(n) / 32);
    if (code == "power-sgd") return rank * (number(columns) + number(n / columns));
    if (code == "none") return number(n);
    return std::ceil(number(n) / 2);  // 16 bits
}

}  // namespace

TEST_CASE("compressed: W words to servers and around the ring, n values back") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5);
    const auto n = GENERATE(as<std::size_t>(), 96, 1000);
    Job job = timed_job(4, n, 1e6);
    job.columns = 8;
    for (const Compression& code : Compression::all()) {
        Config config = timed(Method("bounded-staleness"), workers);
        config.compression = code;
        config.top_k = 0.1;
        config.levels = 4;
        config.compression_rank = 2;
        const double gradients = 4 * number(workers);
        const double code_B = 4 * words(config, n, job.columns);
        CAPTURE(code.name(), workers, n);
        Counted counted = count(config, job);
        CHECK(counted.messages == 2 * gradients);
        CHECK(counted.bytes == Approx(gradients * (code_B + 4 * number(n))));
        config = without_a_server(Method("allreduce"), workers);
        config.compression = code;
        config.top_k = 0.1;
        config.levels = 4;
        config.compression_rank = 2;
        config.collective = Collective("recursive-doubling");
        counted = count(config, job);
        const bool is_gathered =
            code == Compression("top-k") || code == Compression("qsgd") || code == Compression("sign");
        const Count round = collective(Collective("recursive-doubling"), workers);
        const double p = number(workers);
        const double allreduces = code == Compression("power-sgd") ? 2 : 1;
        CHECK(counted.messages == Approx(4 * (is_gathered ? p * (p - 1) : allreduces * round.messages)));
        CHECK(counted.bytes == Approx(4 * code_B * (is_gathered ? p * (p - 1) : round.vectors)));
    }
}

}  // namespace test_traffic_forms
