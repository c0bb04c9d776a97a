#include "run/problem.hpp"

#include <utility>

namespace lockstep::run {

Problem load_problem(const scenario::Config& config) {
    const auto shape = data::shape(config.data, config.train_samples, config.test_samples);
    data::BatchOrder order(config.partition, shape.train_samples, config.workers, config.batch, config.seed);
    std::shared_ptr<const data::Dataset> dataset;
    if (config.numerics == scenario::Numerics::real)
        dataset = std::make_shared<const data::Dataset>(
            data::load(config.data, config.train_samples, config.test_samples, config.seed));
    model::Network network({.inputs = shape.rows * shape.columns,
                            .hidden = config.hidden,
                            .outputs = shape.classes,
                            .activation = config.activation,
                            .loss = config.loss});
    return {shape, std::move(dataset), std::move(network), std::move(order)};
}

}  // namespace lockstep::run
