#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/block.hpp"
#include "data/batch_order.hpp"
#include "data/dataset.hpp"
#include "data/source.hpp"
#include "exchange/work.hpp"
#include "model/network.hpp"
#include "result/order.hpp"
#include "run/evaluation_schedule.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// What is trained on what, in which order: everything about a run that is the same on every rank. Immutable,
/// so that the simulated ranks of a process share one.
struct Problem {
    data::DatasetShape shape;
    std::shared_ptr<const data::Dataset> dataset;  ///< null in timing-only runs
    model::Network network;                        ///< meaningless where the model is a phantom
    std::size_t parameters;
    std::vector<base::Block> blocks;  ///< of the parameter vector
    data::BatchOrder order;
    std::shared_ptr<const result::Order> replayed;  ///< of arrivals; null unless --replay is given

    std::uint64_t steps(const scenario::Config& config) const {
        return config.epochs * order.rounds_per_epoch();
    }
    /// What closed forms of messages start from; the steps taken are known after the run.
    exchange::Work work(const scenario::Config& config) const;
    /// When parameters are kept: for `--evaluations`, and densely where something is looked for between them,
    /// as far as memory allows.
    KeepingSchedule schedule(const scenario::Config& config) const;
    /// Operations of a training step by plain SGD on so many samples.
    double step_flops(const scenario::Config& config, std::size_t samples) const;
    /// The part of them that the parameters' update takes.
    double update_flops() const { return 2 * static_cast<double>(parameters); }
};

/// Which data they are. Files are told by their content: they may be in another folder, or have been
/// exchanged.
std::string data_trained_on(const scenario::Config& config, const Problem& problem);

/// Reads or generates the data of a run that is not timing-only. Throws base::InputError for data that cannot
/// be used.
std::shared_ptr<const data::Dataset> load_dataset(const scenario::Config& config);

/// All but an order to replay; loads the data unless they are given. Throws base::InputError for data that
/// cannot be used, and for a batch larger than a shard.
Problem read_problem(const scenario::Config& config, std::shared_ptr<const data::Dataset> dataset = nullptr);

}  // namespace lockstep::run
