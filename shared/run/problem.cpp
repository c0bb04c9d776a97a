#include "run/problem.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::run {
namespace {

/// A message is one vector of parameters, and MPI counts its values in an int.
void require_sendable(const model::Network& network) {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
    if (network.parameter_count() > most)
        throw base::InputError("--hidden",
                               fmt::format("layers that make {} parameters", network.parameter_count()),
                               fmt::format("at most {} parameters", most), "use smaller layers");
}

/// Every update is recorded, with 32-bit versions.
void require_recordable(const scenario::Config& config, const data::BatchOrder& order) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    const std::uint64_t updates_per_epoch = order.rounds_per_epoch() * config.workers;
    if (config.epochs > most / updates_per_epoch)
        throw base::InputError(
            "--epochs", fmt::format("{}, of {} updates each", config.epochs, updates_per_epoch),
            fmt::format("at most {} updates in all", most), "use fewer epochs or larger batches");
}

}  // namespace

Problem load_problem(const scenario::Config& config) {
    const auto shape = data::shape(config.data, config.train_samples, config.test_samples);
    const data::BatchOrder order(config.partition, shape.train_samples, config.workers, config.batch,
                                 config.seed);
    require_recordable(config, order);
    model::Network network({.inputs = shape.rows * shape.columns,
                            .hidden = config.hidden,
                            .outputs = shape.classes,
                            .activation = config.activation,
                            .loss = config.loss});
    require_sendable(network);
    std::shared_ptr<const data::Dataset> dataset;
    if (config.numerics == scenario::Numerics::real)
        dataset = std::make_shared<const data::Dataset>(
            data::load(config.data, config.train_samples, config.test_samples, config.seed));
    return {shape, std::move(dataset), std::move(network), order};
}

}  // namespace lockstep::run
