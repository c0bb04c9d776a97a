#include <cmath>

#include "problem.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

double activated(model::Activation activation, double z) {
    if (activation == model::Activation::sigmoid) return 1 / (1 + std::exp(-z));
    return activation == model::Activation::tanh ? std::tanh(z) : std::max(z, 0.0);
}

/// One sample's loss, written down as plainly as possible and in double precision.
double sample_loss(const model::Architecture& shape, const std::vector<double>& parameters,
                   std::vector<double> values, std::size_t label) {
    auto widths = shape.hidden;
    widths.push_back(shape.outputs);
    const double* next = parameters.data();
    for (std::size_t l = 0; l < widths.size(); ++l) {
        std::vector<double> sums(widths[l], 0.0);
        for (double& sum : sums)
            for (const double value : values) sum += *next++ * value;
        for (double& sum : sums) sum += *next++;
        if (l + 1 < widths.size())
            for (double& sum : sums) sum = activated(shape.activation, sum);
        values = sums;
    }
    double loss = 0;
    if (shape.loss == model::Loss::cross_entropy) {
        for (const double z : values) loss += std::exp(z);
        return std::log(loss) - values[label];
    }
    for (std::size_t j = 0; j < values.size(); ++j)
        loss += 0.5 * std::pow(activated(model::Activation::sigmoid, values[j]) - (j == label ? 1 : 0), 2);
    return loss;
}

double mean_loss(const test::Problem& problem, const std::vector<double>& parameters) {
    const auto& shape = problem.network.architecture();
    double loss = 0;
    for (std::size_t i = 0; i < problem.labels.size(); ++i) {
        const auto image = problem.images.span().subspan(i * shape.inputs, shape.inputs);
        loss += sample_loss(shape, parameters, {image.begin(), image.end()}, problem.labels[i]);
    }
    return loss / static_cast<double>(problem.labels.size());
}

}  // namespace

TEST_CASE("gradients are the finite differences of the loss written down plainly") {
    for (const auto& kind : test::all_kinds()) {
        INFO(test::describe(kind));
        const test::Problem problem(kind, 4);
        model::Workspace workspace(problem.network, 4);
        base::FloatBuffer gradient(problem.network.parameter_count());
        const double loss =
            problem.network.gradient(problem.parameters, problem.batch(), gradient, workspace);

        std::vector<double> parameters(problem.parameters.span().begin(), problem.parameters.span().end());
        CHECK(loss == Approx(mean_loss(problem, parameters)).epsilon(1e-6));
        const double h = 1e-5;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const double here = parameters[i];
            parameters[i] = here + h;
            const double above = mean_loss(problem, parameters);
            parameters[i] = here - h;
            const double below = mean_loss(problem, parameters);
            parameters[i] = here;
            INFO("parameter " << i);
            CHECK(static_cast<double>(gradient.span()[i]) == Approx((above - below) / (2 * h)).margin(1e-6));
        }
    }
}

TEST_CASE("a batch's gradient is the mean of its samples' gradients") {
    for (const auto& kind : test::all_kinds()) {
        INFO(test::describe(kind));
        const test::Problem problem(kind, 6);
        const auto& network = problem.network;
        model::Workspace workspace(network, 6);
        base::FloatBuffer whole(network.parameter_count());
        base::FloatBuffer single(network.parameter_count());
        network.gradient(problem.parameters, problem.batch(), whole, workspace);
        std::vector<double> mean(network.parameter_count(), 0.0);
        for (std::size_t i = 0; i < 6; ++i) {
            const model::Batch sample{problem.images.span().subspan(i * 7, 7),
                                      std::span(problem.labels).subspan(i, 1)};
            network.gradient(problem.parameters, sample, single, workspace);
            for (std::size_t j = 0; j < mean.size(); ++j)
                mean[j] += static_cast<double>(single.span()[j]) / 6;
        }
        for (std::size_t j = 0; j < mean.size(); ++j)
            CHECK(static_cast<double>(whole.span()[j]) == Approx(mean[j]).margin(1e-6));
    }
}
