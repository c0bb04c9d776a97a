// gossip: what holds on every graph, in either order; to the bit against a plain program, and by the
// identities of mixing.
#include <bit>
#include <cmath>
#include <numbers>

#include "exchange/decentralised/graph.hpp"
#include "scenario/config.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using scenario::GossipOrder;
using scenario::Graph;
using support::ExchangeRun;
using support::Job;

/// Calls `check` with every configuration that these ranks allow.
void for_every_graph_and_order(Communicator& communicator, auto check) {
    Config config;
    config.method = scenario::Method("gossip");
    config.workers = communicator.size();
    for (const Graph& graph : Graph::all()) {
        if (!has_graph(graph, config.workers)) continue;
        config.graph = graph;
        for (const auto& order : names_of(GossipOrder{})) {
            config.gossip_order = order.value;
            check(config, fmt::format("{}, {}", graph.name(), order.name));
        }
    }
}

void the_plain_program_has_the_same_bits(Communicator& communicator, Findings& findings) {
    const Job job{
        .steps = 6, .start = {1, -2, 3.5F, 0, 7}, .gradient = support::pulling_gradient, .step_flops = 1e5};
    for_every_graph_and_order(communicator, [&](Config config, const std::string& name) {
        for (const auto optimiser : {scenario::OptimiserRule("sgd"), scenario::OptimiserRule("momentum")}) {
            config.optimiser = optimiser;
            const ExchangeRun run = run_exchange(communicator, config, job);
            const auto expected = gossip_reference(config, job);
            findings.expect(run.shared.empty(), "{}: somebody holds v", name);
            for (std::size_t i = 0; i < config.workers; ++i) {
                findings.expect(run.own[i].size() == job.steps && run.shares[i].size() == job.steps,
                                "{}: worker {} reports {} steps, {} shares", name, i, run.own[i].size(),
                                run.shares[i].size());
                for (std::size_t step = 0; step < run.own[i].size(); ++step) {
                    const Vector& x = run.own[i][step].values;
                    findings.expect(same_bits(x, expected[i][step]),
                                    "{}, {}, step {}: worker {} has {} instead of {}", name,
                                    scenario::name(optimiser), step, i, show(x), show(expected[i][step]));
                    findings.expect(
                        same_bits(x, run.shares[i][step].values) && run.shares[i][step].step == step + 1,
                        "{}, step {}: another share", name, step);
                }
            }
        }
    });
}

/// mean -= mean gradient: exactly where weights are powers of two and values integers.
void the_mean_steps_by_the_mean_gradient(Communicator& communicator, Findings& findings) {
    const Job job{.steps = 4, .start = {16, -32, 48, 0, 160}, .gradient = support::integer_gradient};
    const auto expected = averaging_reference(communicator.size(), job);
    for_every_graph_and_order(communicator, [&](const Config& config, const std::string& name) {
        const ExchangeRun run = run_exchange(communicator, config, job);
        const std::size_t linked = run.traffic.messages / (job.steps * config.workers) + 1;
        const double tolerance = std::has_single_bit(linked) ? 1e-12 : 1e-4;  // float64 rounds 1/c
        for (std::size_t step = 0; step < job.steps; ++step)
            for (std::size_t k = 0; k < job.start.size(); ++k) {
                double mean = 0;
                for (const auto& worker : run.own) mean += static_cast<double>(worker[step].values[k]);
                mean /= static_cast<double>(config.workers);
                findings.expect(std::abs(mean - expected[step][k]) <= tolerance,
                                "{}, step {}, value {}: mean {} instead of {}", name, step, k, mean,
                                expected[step][k]);
            }
    });
}

/// After step 0 worker i is alone in having its own value; nothing happens later.
float impulse(std::size_t worker, std::uint64_t step, std::size_t i, float /*w*/) {
    return step == 0 && worker == i ? -1.0F : 0.0F;
}

/// The same, and then a valley of curvature 3/4.
float impulse_in_a_valley(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return step == 0 ? impulse(worker, step, i, w) : 0.75F * w;
}

/// An eigenvector of W.
struct Mode {
    double eigenvalue;
    std::vector<double> vector;
};

/// For the second largest eigenvalue (in modulus, for the exponential graph); of a hypercube also for the
/// smallest.
std::vector<Mode> modes(Graph graph, std::size_t c) {
    const auto wave = [&](std::size_t i, std::size_t around) {
        return std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(around));
    };
    const auto degree = static_cast<double>(std::bit_width(c - 1));
    const double cube = (degree - 1) / (degree + 1);
    const std::size_t columns = exchange::torus_shape(c).columns;
    std::vector<Mode> found(graph == Graph("hypercube") ? 2 : 1, {0, std::vector<double>(c)});
    for (std::size_t i = 0; i < c; ++i) {
        found.back().vector[i] = std::popcount(i) % 2 == 0 ? 1 : -1;
        found[0].vector[i] = i % 2 == 0 ? 1 : -1;
        if (graph == Graph("ring")) found[0].vector[i] = wave(i, c);
        if (graph == Graph("torus")) found[0].vector[i] = wave(i % columns, columns);
    }
    if (graph == Graph("ring")) found[0].eigenvalue = c == 2 ? 0 : 1.0 / 3 + 2 * wave(1, c) / 3;
    if (graph == Graph("torus")) found[0].eigenvalue = 3.0 / 5 + 2 * wave(1, columns) / 5;
    if (graph == Graph("exponential")) found[0].eigenvalue = cube;
    if (graph == Graph("hypercube")) found[1].eigenvalue = -cube;
    if (graph == Graph("hypercube")) found[0].eigenvalue = cube;
    return found;
}

/// How far the workers are along the mode after each step, starting with 1 by an impulse in step 0. In a
/// valley of curvature h each step makes of that lambda - h where gradients are taken before the sum and do
/// not take part in it, so that it grows where h > 1 + lambda; and lambda (1 - h) where they do.
void expect_mode(const Config& config, const Mode& mode, double curvature, const ExchangeRun& run,
                 const std::string& name, Findings& findings) {
    const bool adapts_first = config.gossip_order == GossipOrder::adapt_then_combine;
    double along = adapts_first ? mode.eigenvalue : 1;
    for (std::size_t step = 0; step < run.own[0].size(); ++step) {
        for (std::size_t i = 0; i < config.workers; ++i) {
            double found = 0;
            for (std::size_t k = 0; k < config.workers; ++k)
                found += static_cast<double>(run.own[i][step].values[k]) * mode.vector[k];
            findings.expect(std::abs(found - along * mode.vector[i]) < 1e-5,
                            "{}, curvature {}, step {}: worker {} is {} along the mode of {} instead of {}",
                            name, curvature, step, i, found, mode.eigenvalue, along * mode.vector[i]);
        }
        along *= adapts_first ? mode.eigenvalue * (1 - curvature) : mode.eigenvalue - curvature;
    }
}

void disagreement_follows_the_eigenvalues(Communicator& communicator, Findings& findings) {
    const std::size_t c = communicator.size();
    for (const bool in_a_valley : {false, true}) {
        const Job job{.steps = 7,
                      .start = std::vector<float>(c),
                      .gradient = in_a_valley ? impulse_in_a_valley : impulse};
        for_every_graph_and_order(communicator, [&](const Config& config, const std::string& name) {
            const bool alternates = config.graph == Graph("exponential") || config.graph == Graph("complete");
            if (alternates && c % 2 == 1) return;
            const ExchangeRun run = run_exchange(communicator, config, job);
            for (const Mode& mode : modes(config.graph, c))
                expect_mode(config, mode, in_a_valley ? 0.75 : 0, run, name, findings);
        });
    }
}

/// The largest difference of a worker's x from allreduce's v after each step.
double distance_from_allreduce(Communicator& communicator, GossipOrder order) {
    const Job job{.steps = 5, .start = {1, -2, 3.5F, 0}, .gradient = support::pulling_gradient};
    Config config;
    config.workers = communicator.size();
    config.method = scenario::Method("allreduce");
    const ExchangeRun reference = run_exchange(communicator, config, job);
    config.method = scenario::Method("gossip");
    config.graph = Graph("complete");
    config.gossip_order = order;
    const ExchangeRun run = run_exchange(communicator, config, job);
    double largest = 0;
    for (const auto& worker : run.own)
        for (std::size_t step = 0; step < job.steps; ++step)
            for (std::size_t k = 0; k < job.start.size(); ++k)
                largest = std::max(largest, static_cast<double>(std::abs(worker[step].values[k] -
                                                                         reference.shared[step].values[k])));
    return largest;
}

void on_a_complete_graph_only_one_order_is_allreduce(Communicator& communicator, Findings& findings) {
    const double adapting_first = distance_from_allreduce(communicator, GossipOrder::adapt_then_combine);
    const double combining_first = distance_from_allreduce(communicator, GossipOrder::combine_then_adapt);
    findings.expect(adapting_first < 1e-5, "adapt-then-combine: {} off", adapting_first);
    findings.expect(combining_first > 0.1, "combine-then-adapt: only {} off", combining_first);
}

void no_gossip_is_stale(Communicator& communicator, Findings& findings) {
    const Job job{.steps = 3};
    for_every_graph_and_order(communicator, [&](const Config& config, const std::string& name) {
        const ExchangeRun run = run_exchange(communicator, config, job);
        findings.expect(run.updates.size() == job.steps * config.workers, "{}: {} updates", name,
                        run.updates.size());
        for (const exchange::Update& update : run.updates)
            findings.expect(update.version_read == update.step && update.version_applied == update.step,
                            "{}: worker {}, step {}: versions {} and {}", name, update.worker, update.step,
                            update.version_read, update.version_applied);
    });
}

}  // namespace

std::vector<Case> gossip_cases() {
    return {{"gossip: the plain program has the same bits", the_plain_program_has_the_same_bits},
            {"gossip: the mean steps by the mean gradient", the_mean_steps_by_the_mean_gradient},
            {"gossip: disagreement follows the eigenvalues", disagreement_follows_the_eigenvalues, 2},
            {"gossip: on a complete graph only one order is allreduce",
             on_a_complete_graph_only_one_order_is_allreduce, 2},
            {"gossip: no step is stale", no_gossip_is_stale}};
}

}  // namespace lockstep::contract
