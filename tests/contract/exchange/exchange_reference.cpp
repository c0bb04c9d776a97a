#include "tests/contract/exchange/exchange_reference.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "exchange/decentralised/graph.hpp"
#include "tests/contract/contract.hpp"

namespace lockstep::contract {

void apply(const scenario::Config& config, Vector& v, const Vector& w, const Vector& received,
           std::uint64_t staleness) {
    const bool is_weighed = config.step_size == scenario::StepSize("staleness-aware") && staleness > 1;
    const float weight = is_weighed ? 1 / static_cast<float>(staleness) : 1;
    const float beta = weight * static_cast<float>(config.beta);
    for (std::size_t i = 0; i < v.size(); ++i) {
        if (config.update == scenario::UpdateRule("mix")) v[i] = (1 - beta) * v[i] + beta * w[i];
        if (config.update == scenario::UpdateRule("replace")) v[i] = w[i];
        if (config.update == scenario::UpdateRule("delta"))
            v[i] = staleness == 0 ? w[i] : v[i] + weight * (w[i] - received[i]);
    }
}

namespace {

/// Whether i receives from j, or is j.
bool is_linked(scenario::Graph graph, std::size_t workers, std::size_t i, std::size_t j) {
    const auto apart = [](std::size_t a, std::size_t b, std::size_t around) {
        const std::size_t distance = (a + around - b) % around;
        return std::min(distance, around - distance);
    };
    const std::size_t columns = exchange::torus_shape(workers).columns;
    const std::size_t ahead = (i + workers - j) % workers;
    if (graph == "ring") return apart(i, j, workers) <= 1;
    if (graph == "torus")
        return apart(i / columns, j / columns, workers / columns) +
                   apart(i % columns, j % columns, columns) <=
               1;
    if (graph == "hypercube") return std::popcount(i ^ j) <= 1;
    return graph == "complete" || ahead == 0 || std::has_single_bit(ahead);
}

/// sum_j W_ij x_j, in the order of ranks.
Vector mixed(const scenario::Config& config, std::size_t i, const std::vector<Vector>& x) {
    std::vector<std::size_t> linked;
    for (std::size_t j = 0; j < x.size(); ++j)
        if (is_linked(config.graph, x.size(), i, j)) linked.push_back(j);
    const auto weight = static_cast<float>(1.0 / static_cast<double>(linked.size()));
    Vector sum(x[i].size());
    for (const std::size_t j : linked)
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += weight * x[j][k];
    return linked.size() == 1 ? x[i] : sum;
}

}  // namespace

bool has_graph(scenario::Graph graph, std::size_t workers) {
    if (graph == scenario::Graph("torus")) return exchange::torus_shape(workers).rows >= 3;
    return graph != scenario::Graph("hypercube") || std::has_single_bit(workers);
}

std::vector<std::vector<Vector>> gossip_reference(const scenario::Config& config, const support::Job& job) {
    const std::size_t c = config.workers;
    const bool momentum = config.optimiser == scenario::OptimiserRule("momentum");
    const bool combines_first = config.gossip_order == exchange::GossipOrder::combine_then_adapt;
    std::vector<std::vector<Vector>> after(c);
    std::vector<Vector> x(c, job.start);
    std::vector<Vector> velocity(c, Vector(job.start.size()));
    /// x_i by the gradient at `at`.
    const auto adapt = [&](std::size_t i, std::uint64_t step, const Vector& at, Vector& target) {
        if (!combines_first && !momentum) return support::descend(job.gradient, i, step, target);
        for (std::size_t k = 0; k < at.size(); ++k) {
            const float gradient = job.gradient(i, step, k, at[k]);
            velocity[i][k] = (momentum ? static_cast<float>(config.momentum) * velocity[i][k] : 0) - gradient;
            target[k] += velocity[i][k];
        }
    };
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        if (!combines_first)
            for (std::size_t i = 0; i < c; ++i) adapt(i, step, Vector(x[i]), x[i]);
        const std::vector<Vector> before = x;
        for (std::size_t i = 0; i < c; ++i) {
            x[i] = mixed(config, i, before);
            if (combines_first) adapt(i, step, before[i], x[i]);
            after[i].push_back(x[i]);
        }
    }
    return after;
}

std::vector<Vector> serial_reference(const support::Job& job) {
    std::vector<Vector> after;
    Vector w = job.start;
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        support::descend(job.gradient, 0, step, w);
        after.push_back(w);
    }
    return after;
}

Rotation rotation_reference(const scenario::Config& config, const support::Job& job) {
    Rotation rotation;
    rotation.w.resize(config.workers);
    Vector v = job.start;
    std::vector<Vector> received(config.workers, job.start);
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t worker = 0; worker < config.workers; ++worker) {
            Vector w = received[worker];
            support::descend(job.gradient, worker, step, w);
            apply(config, v, w, received[worker],
                  std::min<std::size_t>(step * config.workers + worker, config.workers - 1));
            received[worker] = v;
            rotation.w[worker].push_back(v);
        }
        rotation.v.push_back(v);
    }
    return rotation;
}

std::vector<std::vector<double>> averaging_reference(std::size_t workers, const support::Job& job) {
    std::vector<std::vector<double>> after;
    std::vector<double> v(job.start.begin(), job.start.end());
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t i = 0; i < v.size(); ++i) {
            double gradient = 0;
            for (std::size_t worker = 0; worker < workers; ++worker)
                gradient += static_cast<double>(job.gradient(worker, step, i, static_cast<float>(v[i])));
            v[i] -= gradient / static_cast<double>(workers);
        }
        after.push_back(v);
    }
    return after;
}

std::vector<double> sum_of_gradients(std::size_t workers, const support::Job& job) {
    std::vector<double> sum(job.start.size());
    for (std::size_t worker = 0; worker < workers; ++worker)
        for (std::uint64_t step = 0; step < job.steps; ++step)
            for (std::size_t i = 0; i < sum.size(); ++i)
                sum[i] += static_cast<double>(job.gradient(worker, step, i, 0));
    return sum;
}

namespace {

bool are_near(const Vector& x, const Vector& y, double allowed) {
    if (allowed == 0) return same_bits(x, y);
    return std::ranges::equal(x, y, [=](float one, float other) { return std::abs(one - other) <= allowed; });
}

}  // namespace

void expect_same(comm::Communicator& communicator, const scenario::Config& one, const scenario::Config& other,
                 const support::Job& job, double allowed, support::Findings& findings) {
    const support::ExchangeRun a = run_exchange(communicator, one, job);
    const support::ExchangeRun b = run_exchange(communicator, other, job);
    const std::string what =
        fmt::format("{} and {}", scenario::name(one.method), scenario::name(other.method));
    for (std::size_t worker = 0; worker < one.workers; ++worker) {
        findings.expect(a.own[worker].size() == job.steps && b.own[worker].size() == job.steps,
                        "{}: worker {} reports {} and {} times", what, worker, a.own[worker].size(),
                        b.own[worker].size());
        for (std::size_t step = 0; step < a.own[worker].size(); ++step) {
            const auto& x = a.own[worker][step].values;
            const auto& y = b.own[worker][step].values;
            findings.expect(are_near(x, y, allowed), "{}: worker {}, step {}: {} and {}", what, worker, step,
                            show(x), show(y));
        }
    }
    findings.expect(a.shared.empty() == b.shared.empty(), "{}: v reported by one of them only", what);
    if (a.shared.empty() || b.shared.empty()) return;
    findings.expect(are_near(a.final_v(), b.final_v(), allowed), "{}: v ends as {} and {}", what,
                    show(a.final_v()), show(b.final_v()));
}

}  // namespace lockstep::contract
