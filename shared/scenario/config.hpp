#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/distribution.hpp"
#include "base/one_of.hpp"
#include "data/batch_order.hpp"
#include "exchange/catalogue.hpp"
#include "model/network.hpp"
#include "scenario/checkpoint_interval.hpp"
#include "scenario/processor_events.hpp"

namespace lockstep::scenario {

using base::name;
using comm::Collective;
using data::Partition;
using exchange::Compensation;
using exchange::Compression;
using exchange::GossipOrder;
using exchange::Graph;
using exchange::OptimiserRule;
using exchange::Period;
using exchange::Server;
using exchange::StepSize;
using exchange::UpdateRule;
using Method = exchange::MethodName;

enum class Evaluate { shared, workers };
inline constexpr base::Named<Evaluate> evaluate_names[]{{Evaluate::shared, "shared"},
                                                        {Evaluate::workers, "workers"}};
constexpr std::span<const base::Named<Evaluate>> names_of(Evaluate /*any*/) {
    return evaluate_names;
}

/// What is learnt, how, and how it is measured.
struct Training : exchange::Optimising {
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
    std::uint64_t seed = 1;

    // Measures
    Evaluate evaluate = Evaluate::shared;
    std::size_t evaluations = 1;            ///< per epoch
    std::optional<double> target_accuracy;  ///< share of the test set
    std::optional<double> target_loss;      ///< on the test set; at most one of both is set
    std::optional<double> time_budget_s;

    bool operator==(const Training&) const = default;
};

enum class OverlapProgress { ideal, receiver, none };
inline constexpr base::Named<OverlapProgress> overlap_progress_names[]{
    {OverlapProgress::ideal, "ideal"},
    {OverlapProgress::receiver, "receiver"},
    {OverlapProgress::none, "none"}};
constexpr std::span<const base::Named<OverlapProgress>> names_of(OverlapProgress /*any*/) {
    return overlap_progress_names;
}

enum class Topology { star, shared, two_clusters, fat_tree, torus, dragonfly };
inline constexpr base::Named<Topology> topology_names[]{
    {Topology::star, "star"},         {Topology::shared, "shared"}, {Topology::two_clusters, "two-clusters"},
    {Topology::fat_tree, "fat-tree"}, {Topology::torus, "torus"},   {Topology::dragonfly, "dragonfly"}};
constexpr std::span<const base::Named<Topology>> names_of(Topology /*any*/) {
    return topology_names;
}

enum class NetworkModel { cm02, lv08, smpi };
inline constexpr base::Named<NetworkModel> network_model_names[]{
    {NetworkModel::cm02, "CM02"}, {NetworkModel::lv08, "LV08"}, {NetworkModel::smpi, "SMPI"}};
constexpr std::span<const base::Named<NetworkModel>> names_of(NetworkModel /*any*/) {
    return network_model_names;
}

enum class Sharing { equal, rtt };
inline constexpr base::Named<Sharing> sharing_names[]{{Sharing::equal, "equal"}, {Sharing::rtt, "rtt"}};
constexpr std::span<const base::Named<Sharing>> names_of(Sharing /*any*/) {
    return sharing_names;
}

enum class Numerics { real, none };
inline constexpr base::Named<Numerics> numerics_names[]{{Numerics::real, "real"}, {Numerics::none, "none"}};
constexpr std::span<const base::Named<Numerics>> names_of(Numerics /*any*/) {
    return numerics_names;
}

/// The processors and the network that are simulated, or emulated.
struct Platform {
    // Simulated processors
    double speed_flops = 5e9;
    std::optional<double> vector_speed_flops;  ///< of operations on whole vectors; unset: `speed`
    std::optional<double> code_speed_flops;    ///< of lossy codes; unset: `vector_speed`
    std::optional<double> update_speed_flops;  ///< of optimisers and update rules; unset: `vector_speed`
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
    double send_ahead = 0;  ///< share of a message that leaves before later ones of its sender begin; 0 to 1
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

    OverlapProgress overlap_progress = OverlapProgress::ideal;

    // Simulation
    Numerics numerics = Numerics::real;
    std::size_t threads = 0;  ///< host threads that do the simulated workers' arithmetic; 0: one per core
    std::string data_cache;   ///< a folder, or empty: none
    std::string paje;         ///< a file for the engine's own trace, or empty

    bool operator==(const Platform&) const = default;
};

enum class Format { table, json, csv };
inline constexpr base::Named<Format> format_names[]{
    {Format::table, "table"}, {Format::json, "json"}, {Format::csv, "csv"}};
constexpr std::span<const base::Named<Format>> names_of(Format /*any*/) {
    return format_names;
}

enum class Progress { automatic, always, never };
inline constexpr base::Named<Progress> progress_names[]{
    {Progress::automatic, "auto"}, {Progress::always, "always"}, {Progress::never, "never"}};
constexpr std::span<const base::Named<Progress>> names_of(Progress /*any*/) {
    return progress_names;
}

enum class Events { none, summary, full };
inline constexpr base::Named<Events> events_names[]{
    {Events::none, "none"}, {Events::summary, "summary"}, {Events::full, "full"}};
constexpr std::span<const base::Named<Events>> names_of(Events /*any*/) {
    return events_names;
}

/// What a run leaves.
struct Output {
    // Output
    Format format = Format::table;
    std::string out;               ///< a folder, or empty: no files
    std::string record;            ///< a file for the order of arrivals, or empty
    Events events = Events::none;  ///< what each rank did, in `out`
    Progress progress = Progress::automatic;
    double rank_timeout_s = 6 * 3600;  ///< for which a real rank waits for one message
    std::string checkpoint;            ///< a folder for checkpoints, or empty: none are made
    std::optional<CheckpointInterval> checkpoint_every;  ///< unset: so seldom that they cost next to nothing

    bool operator==(const Output&) const = default;
};

/// Everything that determines a run. Each member is one key of the same name with dashes for underscores, on
/// the command line (`--batch 100`) and in INI files (`batch = 100`). Options of all methods are there, of
/// which the chosen one uses its own.
struct Config : exchange::MethodOptions, Training, Platform, Output {
    Method method = "serial";
    std::size_t workers = 1;
    std::string replay;  ///< a file with the order of arrivals to force, or empty

    bool operator==(const Config&) const = default;
};

/// The chosen method with its options.
std::unique_ptr<exchange::Method> method_of(const Config& config);
/// Whose ranks 0 .. workers-1 are the workers.
exchange::Team team_of(const Config& config);

/// Ranks of the MPI program: the workers, and dedicated servers where the method has them.
std::size_t rank_count(const Config& config);
bool has_dedicated_server(const Config& config);
/// 0 without.
std::size_t server_count(const Config& config);
/// Where each part of v is served on its own.
bool may_have_several_servers(const Config& config);
/// Whether every bit of the result is independent of timing.
bool is_deterministic(const Config& config);

/// Whether other workers can go on from a checkpoint of this run (exchange::Method).
bool others_may_go_on(const Config& config);

/// Whether processors and network are those of an XML file, not generated.
bool has_platform_file(const Config& config);
/// The files that `--platform` names: one, or calibrations of a network and of steps with a comma between.
std::vector<std::string> platform_files(const Config& config);
/// Whether updates have an order of their own.
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
