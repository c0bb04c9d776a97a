// The graphs of gossip as matrices: how the weights add up, and their second eigenvalue against closed forms.
#include <bit>
#include <cmath>
#include <numbers>
#include <set>

#include <Eigen/Eigenvalues>

#include "exchange/decentralised/graph.hpp"
#include "scenario/config.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using exchange::Neighbours;
using scenario::Graph;

namespace {

Eigen::MatrixXd mixing_matrix(Graph graph, std::size_t workers) {
    const auto c = static_cast<Eigen::Index>(workers);
    Eigen::MatrixXd w = Eigen::MatrixXd::Zero(c, c);
    for (std::size_t rank = 0; rank < workers; ++rank) {
        const Neighbours found = exchange::neighbours(graph, workers, rank);
        const auto i = static_cast<Eigen::Index>(rank);
        const double weight = 1 / static_cast<double>(found.sources.size() + 1);
        CHECK(found.weight() == static_cast<float>(weight));
        w(i, i) += weight;
        for (const std::size_t source : found.sources) w(i, static_cast<Eigen::Index>(source)) += weight;
    }
    return w;
}

/// The largest modulus and the largest real part of W's eigenvalues but the 1 of the constant vector, which
/// is taken away.
struct Second {
    double modulus;
    double real;
};

Second second_eigenvalue(const Eigen::MatrixXd& w) {
    const Eigen::Index c = w.rows();
    const Eigen::MatrixXd rest = w - Eigen::MatrixXd::Constant(c, c, 1 / static_cast<double>(c));
    const Eigen::VectorXcd values = Eigen::EigenSolver<Eigen::MatrixXd>(rest, false).eigenvalues();
    return {values.cwiseAbs().maxCoeff(), values.real().maxCoeff()};
}

double cosine_of(std::size_t parts) {
    return std::cos(2 * std::numbers::pi / static_cast<double>(parts));
}

bool exists(Graph graph, std::size_t workers) {
    if (graph == Graph("torus")) return exchange::torus_shape(workers).rows >= 3;
    return graph != Graph("hypercube") || std::has_single_bit(workers);
}

}  // namespace

TEST_CASE("weights are positive, add up to 1 in rows and columns, and nobody is anybody's neighbour twice") {
    const std::size_t workers = GENERATE(range<std::size_t>(1, 26));
    for (const Graph& graph : Graph::all()) {
        if (!exists(graph, workers)) continue;
        INFO(graph.name() << " of " << workers);
        const Eigen::MatrixXd w = mixing_matrix(graph, workers);
        CHECK(w.minCoeff() >= 0);
        CHECK((w.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
        CHECK((w.colwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
        const auto degree = exchange::degree(graph, workers);
        CHECK((w.array() > 0).count() == static_cast<Eigen::Index>(workers * (degree + 1)));
        if (graph != Graph("exponential")) CHECK(w == w.transpose());
    }
}

TEST_CASE("whom one sends to receives from one, in pinned order") {
    const std::size_t workers = GENERATE(range<std::size_t>(1, 26));
    for (const Graph& graph : Graph::all()) {
        if (!exists(graph, workers)) continue;
        INFO(graph.name() << " of " << workers);
        for (std::size_t rank = 0; rank < workers; ++rank) {
            const Neighbours found = exchange::neighbours(graph, workers, rank);
            CHECK(std::ranges::is_sorted(found.sources));
            std::size_t distance = 0;
            for (const std::size_t target : found.targets) {
                const auto back = exchange::neighbours(graph, workers, target).sources;
                CHECK(std::ranges::count(back, rank) == 1);
                CHECK((target + workers - rank) % workers > distance);
                distance = (target + workers - rank) % workers;
            }
        }
    }
}

TEST_CASE("neighbours by hand") {
    using Ranks = std::vector<std::size_t>;
    CHECK(exchange::neighbours(Graph("ring"), 5, 4).targets == Ranks{0, 3});
    CHECK(exchange::neighbours(Graph("ring"), 5, 4).sources == Ranks{0, 3});
    CHECK(exchange::neighbours(Graph("torus"), 12, 5).sources == Ranks{1, 4, 6, 9});  // 3 rows of 4
    CHECK(exchange::neighbours(Graph("hypercube"), 8, 5).sources == Ranks{1, 4, 7});
    CHECK(exchange::neighbours(Graph("complete"), 4, 2).targets == Ranks{3, 0, 1});
    CHECK(exchange::neighbours(Graph("exponential"), 6, 4).targets == Ranks{5, 0, 2});
    CHECK(exchange::neighbours(Graph("exponential"), 6, 4).sources == Ranks{0, 2, 3});
}

TEST_CASE("the second eigenvalue has its closed form") {
    const std::size_t c = GENERATE(range<std::size_t>(2, 37));
    INFO(c << " workers");
    const auto degree = static_cast<double>(std::bit_width(c - 1));
    const double cube = (degree - 1) / (degree + 1);
    const auto second = [&](Graph graph) { return second_eigenvalue(mixing_matrix(graph, c)); };
    if (c >= 4) CHECK(second(Graph("ring")).real == Approx(1.0 / 3 + 2 * cosine_of(c) / 3).margin(1e-9));
    if (c < 4) CHECK(second(Graph("ring")).modulus == Approx(0).margin(1e-9));
    if (exists(Graph("torus"), c))
        CHECK(second(Graph("torus")).real ==
              Approx(3.0 / 5 + 2 * cosine_of(exchange::torus_shape(c).columns) / 5));
    if (exists(Graph("hypercube"), c)) CHECK(second(Graph("hypercube")).real == Approx(cube).margin(1e-9));
    CHECK(second(Graph("complete")).modulus == Approx(0).margin(1e-9));
    if (c % 2 == 0) CHECK(second(Graph("exponential")).modulus == Approx(cube).margin(1e-9));
    if (c % 2 == 1) CHECK(second(Graph("exponential")).modulus <= cube + 1e-9);
}
