#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/distribution.hpp"
#include "data/batch_order.hpp"
#include "model/network.hpp"
#include "scenario/method.hpp"
#include "scenario/processor_events.hpp"

namespace lockstep::scenario {

enum class Collective { tree, ring, recursive_doubling, rabenseifner, flat, library };
enum class UpdateRule { delta, mix, replace };
enum class Server { none, dedicated };
enum class StepSize { constant, staleness_aware };
enum class Compensation { constant, adaptive };
enum class Graph { ring, torus, hypercube, complete, exponential };
enum class GossipOrder { combine_then_adapt, adapt_then_combine };
enum class Compression { none, top_k, qsgd, sign, power_sgd, fp16, bf16 };
enum class OverlapProgress { ideal, receiver, none };
enum class Optimiser { sgd, momentum, nesterov };
using data::Partition;
enum class Topology { star, shared, two_clusters, fat_tree, torus, dragonfly };
enum class NetworkModel { cm02, lv08, smpi };
enum class Sharing { equal, rtt };
enum class Numerics { real, none };
enum class Evaluate { shared, workers };
enum class Format { table, json, csv };
enum class Progress { automatic, always, never };
enum class Events { none, summary, full };

/// How many steps lie between two exchanges.
struct Period {
    enum class Unit { steps, epoch, once };
    Unit unit = Unit::steps;
    std::size_t steps = 10;  ///< where that is the unit

    /// Of a run of so many steps, so many an epoch.
    std::uint64_t in_steps(std::uint64_t steps_per_epoch, std::uint64_t all_steps) const {
        return unit == Unit::epoch ? steps_per_epoch : unit == Unit::once ? all_steps : steps;
    }
    bool operator==(const Period&) const = default;
};

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

    // Exchange: what single methods ask for
    Period period;                       ///< steps between two exchanges
    std::size_t synchronous_epochs = 1;  ///< post-local-sgd
    Optimiser outer_optimiser = Optimiser::nesterov;
    double outer_lr = 0.7;
    double outer_momentum = 0.9;
    std::size_t groups = 2;
    std::size_t group_period = 1;                    ///< steps between two averages within a group
    std::size_t backup = 1;                          ///< workers whose gradients a round does without
    std::size_t push_every = 1;                      ///< steps
    std::size_t pull_every = 1;                      ///< steps, a multiple of push_every
    std::optional<std::size_t> staleness_bound = 3;  ///< unset: none
    std::size_t splitting = 1;                       ///< softsync waits for workers / splitting gradients
    double compensation = 0.04;                      ///< lambda of dc-asgd
    Compensation compensation_rule = Compensation::constant;
    double compensation_decay = 0.95;  ///< of the mean square of gradients that adapts it
    std::optional<double> elasticity;  ///< unset: 0.9 / workers
    StepSize step_size = StepSize::constant;
    std::size_t servers = 1;  ///< dedicated ones, each with its part of v
    Graph graph = Graph::ring;
    GossipOrder gossip_order = GossipOrder::combine_then_adapt;
    Compression compression = Compression::none;
    double top_k = 0.01;               ///< share of the values that top-k keeps
    std::size_t levels = 4;            ///< of qsgd
    std::size_t compression_rank = 2;  ///< of power-sgd
    std::size_t buckets = 0;           ///< in which gradients travel while others are computed; 0: none
    OverlapProgress overlap_progress = OverlapProgress::ideal;
    std::string replay;  ///< a file with the order of arrivals to force, or empty

    // Data
    std::string data = "digits";
    std::optional<std::size_t> train_samples;  ///< unset: all there are
    std::optional<std::size_t> test_samples;
    Partition partition = Partition::shard;

    // Model
    std::string model = "fully-connected";   ///< or `phantom`, or a preset of model/phantom_model.hpp
    double parameters = 0;                   ///< phantom only
    std::optional<double> flops_per_sample;  ///< phantom only: multiply-adds of a forward pass
    std::vector<std::size_t> hidden;
    model::Activation activation = model::Activation::sigmoid;
    model::Loss loss = model::Loss::cross_entropy;

    // Training
    std::optional<std::size_t> batch = 100;  ///< unset: `all`, the whole shard
    double lr = 1.0;
    double lr_decay = 0.99;
    std::size_t epochs = 5;
    Optimiser optimiser = Optimiser::sgd;
    double momentum = 0.9;
    std::uint64_t seed = 1;

    // Measures
    Evaluate evaluate = Evaluate::shared;
    std::size_t evaluations = 1;            ///< per epoch
    std::optional<double> target_accuracy;  ///< share of the test set
    std::optional<double> target_loss;      ///< on the test set; at most one of both is set
    std::optional<double> time_budget_s;

    // Simulated processors
    double speed_flops = 5e9;
    std::optional<double> vector_speed_flops;  ///< of operations on whole vectors; unset: `speed`
    std::optional<double> copy_bandwidth_Bps;  ///< of copies within memory; unset: they take no time
    std::vector<double> speeds_flops;          ///< one per worker, or empty: all `speed`
    std::vector<double> speed_multiples;  ///< the same as multiples of the full speed; one of both is empty
    std::optional<double> server_speed_flops;  ///< unset: `speed`
    base::Distribution heterogeneity;  ///< of the time that a worker needs for an operation, drawn once
    base::Distribution variability;    ///< of the time of a step, drawn for each
    std::optional<std::uint64_t> platform_seed;  ///< of all three distributions; unset: `seed`
    std::vector<Straggler> stragglers;
    std::vector<Pause> pauses;
    std::vector<Failure> failures;
    std::vector<SpeedProfile> speed_profiles;
    std::size_t workers_per_host = 1;
    std::size_t cores = 1;
    double memory_B = 16.0 * 1024 * 1024 * 1024;
    double idle_power_W = 0;
    double busy_power_W = 0;

    // Emulated processors
    std::optional<double> emulate_speed_flops;  ///< full speed in the real world; unset: the machine's own

    // Simulated network
    Topology topology = Topology::star;
    std::string topology_shape;  ///< of a fat tree, torus or dragonfly; empty: the smallest that is enough
    double latency_s = 50e-6;
    std::vector<double> latencies_s;  ///< one per worker, or empty: all `latency`
    double bandwidth_Bps = 1.25e8;
    double duplex = 2;  ///< what both directions of a link carry together, as multiples of one; from 1 to 2
    std::vector<double> bandwidths_Bps;          ///< one per worker, or empty: all `bandwidth`
    std::optional<double> server_latency_s;      ///< unset: `latency`
    std::optional<double> server_bandwidth_Bps;  ///< unset: `bandwidth`
    double backbone_latency_s = 0;               ///< shared, two-clusters
    double backbone_bandwidth_Bps = 1.25e8;
    double loopback_latency_s = 0;  ///< between workers on one host
    double loopback_bandwidth_Bps = 1e10;
    std::string platform;  ///< an XML file, or empty: generated from the values above
    std::string hosts;  ///< of that file, with commas between, for ranks 0, 1 ...; empty: in order of names
    std::string hostfile;  ///< a file that lists them, or empty
    NetworkModel network_model = NetworkModel::cm02;
    std::string latency_factor;  ///< of the network model; empty: its own
    std::string bandwidth_factor;
    Sharing sharing = Sharing::equal;  ///< of links between messages
    base::Distribution jitter;         ///< of the latency of a message, drawn for each
    double eager_limit_B = 0;
    std::optional<double> receive_bandwidth_Bps;  ///< of a processor that takes in a message; unset: no time
    double message_overhead_s = 0;                ///< processor time for each message, at either end
    double link_idle_power_W = 0;
    double link_busy_power_W = 0;

    // Simulation
    Numerics numerics = Numerics::real;
    std::size_t threads = 0;  ///< host threads that do the simulated workers' arithmetic; 0: one per core
    std::string data_cache;   ///< a folder, or empty: none
    std::string paje;         ///< a file for the engine's own trace, or empty

    // Output
    Format format = Format::table;
    std::string out;               ///< a folder, or empty: no files
    std::string record;            ///< a file for the order of arrivals, or empty
    Events events = Events::none;  ///< what each rank did, in `out`
    Progress progress = Progress::automatic;

    bool operator==(const Config&) const = default;
};

/// Ranks of the MPI program: the workers, and dedicated servers where the method has them.
std::size_t rank_count(const Config& config);
bool has_dedicated_server(const Config& config);
/// 0 without.
std::size_t server_count(const Config& config);
/// Where each part of v is served on its own.
bool may_have_several_servers(const Config& config);
/// Whether updates may count less the staler they are, and whether they do.
bool may_weigh_by_staleness(const Config& config);
bool weighs_by_staleness(const Config& config);
/// Whether every bit of the result is independent of timing.
bool is_deterministic(const Config& config);

/// Whether processors and network are those of an XML file, not generated.
bool has_platform_file(const Config& config);
/// Whether updates have an order of their own: it depends on timing, or is that of in-turn.
bool has_order(const Config& config);
/// Whether this run keeps its order, and whether it is forced to one.
bool records_order(const Config& config);
bool replays_order(const Config& config);

/// What the shared parameters are to reach on the test set.
struct Target {
    enum class Of { accuracy, loss };
    Of of;
    double value;

    bool is_met_by(double measured) const {
        return of == Of::accuracy ? measured >= value : measured <= value;
    }
};
std::optional<Target> target(const Config& config);
/// For people, after `to`: `0.92`, or `loss 0.3`.
std::string to_text(const Target& target);

/// Whether the scenario may make a processor or link stand still for ever.
bool may_stand_still(const Config& config);

/// Whether the model is known by its size alone.
bool is_phantom(const Config& config);
/// Whether no arithmetic is done.
bool timing_only(const Config& config);
/// The seed of the platform's draws: `platform-seed`, or `seed`.
std::uint64_t platform_seed(const Config& config);

}  // namespace lockstep::scenario
