#include "run/problem.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "model/phantom_model.hpp"
#include "model/products.hpp"

namespace lockstep::run {
namespace {

/// A message is one vector of parameters, and MPI libraries count its bytes in an int.
void require_sendable(std::size_t parameters) {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max()) / sizeof(float);
    if (parameters > most)
        throw base::InputError("--hidden", fmt::format("layers that make {} parameters", parameters),
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

/// Each server holds a part of the parameters, and a message without values means something else.
void require_parts(const scenario::Config& config, std::size_t parameters) {
    if (scenario::server_count(config) > parameters)
        throw base::InputError("--servers", fmt::format("{}", config.servers),
                               fmt::format("at most {}, the number of parameters", parameters),
                               "each server holds a part of them");
}

model::Network network_of(const scenario::Config& config, const data::DatasetShape& shape) {
    return model::Network({.inputs = shape.rows * shape.columns,
                           .hidden = config.hidden,
                           .outputs = shape.classes,
                           .activation = config.activation,
                           .loss = config.loss});
}

/// Name, parameters and multiply-adds of the phantom that the configuration asks for.
model::PhantomModel phantom_of(const scenario::Config& config) {
    if (const model::PhantomModel* preset = model::find_phantom_model(config.model)) return *preset;
    return {config.model, config.parameters, config.flops_per_sample.value_or(0), "given"};
}

std::size_t parameter_count(const scenario::Config& config, const model::Network& network) {
    return scenario::is_phantom(config) ? static_cast<std::size_t>(phantom_of(config).parameters)
                                        : network.parameter_count();
}

/// A phantom's parameters are taken for one matrix, as square as it can be, and a rest.
std::vector<base::Block> phantom_blocks(std::size_t parameters) {
    const auto rows = static_cast<std::size_t>(std::sqrt(static_cast<double>(parameters)));
    const std::size_t columns = parameters / rows;
    std::vector<base::Block> blocks{{0, rows, columns}};
    if (const std::size_t rest = parameters - rows * columns; rest > 0)
        blocks.push_back({rows * columns, 1, rest});
    return blocks;
}

}  // namespace

double Problem::step_flops(const scenario::Config& config, std::size_t samples) const {
    if (!scenario::is_phantom(config)) return network.step_flops(samples);
    return model::training_flops(phantom_of(config).multiply_adds) * static_cast<double>(samples) +
           update_flops();
}

exchange::Work Problem::work(const scenario::Config& config) const {
    return {.workers = config.workers,
            .steps = steps(config),
            .steps_per_epoch = order.rounds_per_epoch(),
            .values = parameters,
            .blocks = blocks};
}

KeepingSchedule Problem::schedule(const scenario::Config& config) const {
    constexpr double most_bytes = 256.0 * 1024 * 1024;  // of copies that may never be tested
    constexpr std::uint64_t finest = 50;
    constexpr std::uint64_t coarsest = 10;
    const EvaluationSchedule tests(order.rounds_per_epoch(), config.evaluations);
    const bool is_searched = scenario::target(config).has_value() || config.time_budget_s.has_value();
    if (dataset == nullptr || !is_searched) return KeepingSchedule(tests);
    for (std::uint64_t resolution = finest;; resolution -= 5) {
        KeepingSchedule all(tests, steps(config), resolution);
        const auto bytes = 4.0 * static_cast<double>(all.moments() * parameters);
        if (bytes <= most_bytes || resolution == coarsest) return all;
    }
}

std::string data_trained_on(const scenario::Config& config, const Problem& problem) {
    const std::size_t colon = config.data.find(':');
    if (colon == std::string::npos || problem.dataset == nullptr) return config.data;
    return fmt::format("{} {}", config.data.substr(0, colon), data::training_digest(*problem.dataset));
}

std::shared_ptr<const data::Dataset> load_dataset(const scenario::Config& config) {
    return std::make_shared<const data::Dataset>(
        data::load(config.data, config.train_samples, config.test_samples, config.seed, config.data_cache));
}

Problem read_problem(const scenario::Config& config, std::shared_ptr<const data::Dataset> dataset) {
    const auto shape =
        data::shape(config.data, config.train_samples, config.test_samples,
                    scenario::timing_only(config) ? data::Purpose::counting : data::Purpose::loading);
    const data::BatchOrder order(config.partition, shape.train_samples, config.workers, config.batch,
                                 config.seed);
    require_recordable(config, order);
    model::Network network = network_of(config, shape);
    const std::size_t parameters = parameter_count(config, network);
    require_sendable(parameters);
    require_parts(config, parameters);
    std::vector<base::Block> blocks =
        scenario::is_phantom(config) ? phantom_blocks(parameters) : network.blocks();
    if (!scenario::timing_only(config)) {
        model::prepare_products();
        if (dataset == nullptr) dataset = load_dataset(config);
    }
    return {shape, std::move(dataset), std::move(network), parameters, std::move(blocks), order, nullptr};
}

}  // namespace lockstep::run
