#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/batch_order.hpp"
#include "model/network.hpp"
#include "scenario/method.hpp"

namespace lockstep::scenario {

enum class Collective { tree, ring, recursive_doubling, rabenseifner, flat, library };
enum class UpdateRule { delta, mix, replace };
enum class Server { none, dedicated };
using data::Partition;
enum class NetworkModel { cm02, lv08, smpi };
enum class Numerics { real, none };
enum class Evaluate { shared, workers };
enum class Format { table, json, csv };
enum class Progress { automatic, always, never };

/// Everything that determines a run. Each member is one key of the same name with dashes for underscores, on
/// the command line (`--batch 100`) and in INI files (`batch = 100`).
struct Config {
    // Method
    Method method = Method::serial;
    std::size_t workers = 1;
    Collective collective = Collective::tree;
    Server server = Server::none;
    UpdateRule update = UpdateRule::delta;
    double beta = 0.5;

    // Data
    std::string data = "digits";
    std::optional<std::size_t> train_samples;  ///< unset: all there are
    std::optional<std::size_t> test_samples;
    Partition partition = Partition::shard;

    // Model
    std::vector<std::size_t> hidden;
    model::Activation activation = model::Activation::sigmoid;
    model::Loss loss = model::Loss::cross_entropy;

    // Training
    std::optional<std::size_t> batch = 100;  ///< unset: `all`, the whole shard
    double lr = 1.0;
    double lr_decay = 0.99;
    std::size_t epochs = 5;
    std::uint64_t seed = 1;
    Evaluate evaluate = Evaluate::shared;

    // Simulated platform
    double speed_flops = 5e9;
    std::vector<double> speeds_flops;  ///< one per worker, or empty: all `speed`
    std::size_t cores = 1;
    double memory_B = 16.0 * 1024 * 1024 * 1024;
    double latency_s = 50e-6;
    double bandwidth_Bps = 1.25e8;
    std::string platform;  ///< an XML file, or empty: a star generated from the values above
    NetworkModel network_model = NetworkModel::cm02;
    double eager_limit_B = 0;
    Numerics numerics = Numerics::real;
    std::size_t threads = 0;  ///< host threads that do the simulated workers' arithmetic; 0: one per core

    // Output
    Format format = Format::table;
    std::string out;  ///< a folder, or empty: no files
    Progress progress = Progress::automatic;

    bool operator==(const Config&) const = default;
};

/// Ranks of the MPI program: the workers, and a dedicated server where the method has one.
std::size_t rank_count(const Config& config);
bool has_dedicated_server(const Config& config);

}  // namespace lockstep::scenario
