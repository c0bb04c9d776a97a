#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "events/activity_totals.hpp"
#include "result/expected_error.hpp"
#include "result/order.hpp"
#include "result/time_range.hpp"
#include "scenario/config.hpp"

namespace lockstep::result {

/// stalled: workers wait for one that has stopped for good. interrupted: somebody has ended the run, which
/// has a checkpoint. aborted: a rank was lost; what is known is what one of the others knew.
enum class Outcome { finished, diverged, stalled, interrupted, aborted };

/// A figure at the moment at which the target accuracy was first reached: infinite where it never was, NaN
/// where none was asked for. Written `never` and nothing.
struct AtTarget {
    double value = std::numeric_limits<double>::quiet_NaN();
    static constexpr double never = std::numeric_limits<double>::infinity();
};

/// Histogram: staleness -> number of updates.
using Staleness = std::map<std::uint64_t, std::uint64_t>;

/// How the run came about; with the configuration it is enough to repeat it. Not part of what must repeat.
struct Provenance {
    std::string world;    ///< "simulated" or "real"
    std::string backend;  ///< for example "SimGrid 3.32 (SMPI)"
    std::string lockstep_version;
    std::string git_revision;  ///< of the sources built, "unknown" outside a checkout
    std::string compiler;
    std::string instruction_set;   ///< for example "x86-64 AVX-512"
    std::string products;          ///< library, version and kernels: "oneDNN 2.6.3 (AVX-512)"
    std::string launcher;          ///< real: what started the ranks, where known: "mpirun (Open MPI) 4.1.4"
    std::string data_description;  ///< for example "MNIST, 60000 training and 10000 test samples"
    std::string host;
    std::string platform;          ///< simulated: the generated star or the XML file; real: hosts x ranks
    std::string started_utc;       ///< ISO 8601
    double wall_s = 0;             ///< wall time of the whole program on this machine
    bool oversubscribed = false;   ///< real: more ranks than cores on some host (emulated processors: and too
                                   ///< few of them asleep), so times mean nothing
    bool calibrated = false;       ///< simulated: the platform was fitted to a real machine
    std::string calibration_host;  ///< on which that was done; this and the next two: where it was
    std::optional<double> calibration_age_days;     ///< when this run started
    std::string calibration_changes;                ///< keys that were given other values since
    std::vector<std::string> calibration_warnings;  ///< what the calibration does not know of this run
    std::string trained_before;  ///< by others, from whose checkpoint these workers went on:
                                 ///< `4 workers until epoch 2.50`; empty where nobody did
    std::string
        abort_cause;  ///< why the run was aborted: `rank 1 on node7 has ended`; empty where it was not
};

/// One rank. Times in seconds since the start barrier; compute + wait + transfer + other = elapsed.
struct Worker {
    std::size_t rank = 0;
    bool is_server = false;
    std::string host;
    double elapsed_s = 0;   ///< until its last update was in place; without `copying_s`
    double compute_s = 0;   ///< in gradient steps, updates and reductions
    double wait_s = 0;      ///< blocked for the partner: events/wait_states.hpp
    double transfer_s = 0;  ///< blocked while a message was on its way
    double other_s = 0;     ///< the rest: bookkeeping, copies
    double copying_s = 0;   ///< its clock stood still while it copied parameters to test them afterwards
    double hidden_s = 0;    ///< buckets of a gradient were under way while it computed; part of compute_s
    std::uint64_t steps = 0;
    std::uint64_t samples = 0;                   ///< in its steps
    std::uint64_t samples_applied = 0;           ///< of these: whose gradients entered the shared parameters
    bool completed = true;                       ///< whether it took all its steps (or served all)
    bool stopped = false;                        ///< its processor stands still or is off for good
    std::uint64_t updates = 0;                   ///< of the shared parameters, made by this worker's steps
    double update_share = 0;                     ///< of all updates
    std::optional<std::uint64_t> messages_sent;  ///< unset where MPI's own collective hides them
    std::optional<std::uint64_t> bytes_sent;
    double mean_staleness = 0;
    Staleness staleness;      ///< of its updates
    double cpu_s = 0;         ///< real: user + system time inside the timed window; simulated: predicted
    double memory_bytes = 0;  ///< real: peak resident set; simulated: predicted

    // Emulated processors only; else NaN and unset.
    double emulated_s = std::numeric_limits<double>::quiet_NaN();  ///< what compute_s was to be
    std::optional<std::uint64_t> sleeps;
    double mean_oversleep_s = std::numeric_limits<double>::quiet_NaN();  ///< by which they ended late
    double largest_oversleep_s = std::numeric_limits<double>::quiet_NaN();
    std::optional<std::uint64_t> overruns;  ///< pieces whose arithmetic alone took longer than it was to
    double overrun_s = std::numeric_limits<double>::quiet_NaN();  ///< by so much together

    double communication_s() const { return wait_s + transfer_s; }
};

/// An evaluation on the test set of the parameters as they were at that time.
struct Evaluation {
    double epoch = 0;                   ///< passes over the training samples so far; 0: the start parameters
    std::optional<std::size_t> worker;  ///< of that worker's own parameters; unset: of the shared ones
    double elapsed_s = 0;               ///< when the snapshot was taken
    std::uint64_t updates = 0;          ///< of the shared parameters so far
    std::uint64_t samples = 0;          ///< processed so far by all workers (or by that worker)
    double train_loss =
        std::numeric_limits<double>::quiet_NaN();  ///< mean over the batches since the row before, as trained
    double test_loss = std::numeric_limits<double>::quiet_NaN();
    double test_accuracy = std::numeric_limits<double>::quiet_NaN();
    double energy_J = std::numeric_limits<double>::quiet_NaN();  ///< used so far; NaN where no power is given
};

/// One update of the shared parameters. Staleness = version_applied - version_read.
struct Update {
    std::uint32_t worker = 0;
    std::uint32_t step = 0;
    std::uint32_t version_read = 0;
    std::uint32_t version_applied = 0;
};

/// What is looked for in the course of the test results.
struct Measures {
    AtTarget time_to_target_s;
    AtTarget energy_to_target_J;
    double time_to_target_low_s = std::numeric_limits<double>::quiet_NaN();  ///< the last moment seen short
                                                                             ///< of the target, next to which
    double time_to_target_high_s =
        std::numeric_limits<double>::quiet_NaN();  ///< is the first that met it; NaN where none did
    double accuracy_at_budget = std::numeric_limits<double>::quiet_NaN();

    /// Whether the moments on either side of the target lie so far apart that the time until then is a guess.
    bool is_target_coarse() const {
        return time_to_target_high_s - time_to_target_low_s > time_to_target_s.value / 10;
    }
};

struct Summary : Measures {
    double test_loss = std::numeric_limits<double>::quiet_NaN();  ///< NaN in timing-only runs: `null` in JSON
    double test_accuracy = std::numeric_limits<double>::quiet_NaN();
    double elapsed_s = 0;  ///< from the start barrier to the last update of the last worker
    double compute_s = 0;  ///< this and the next two: means over the workers
    double wait_s = 0;
    double transfer_s = 0;
    double compute_share = 0;  ///< this and the next two: of the workers' own elapsed times
    double wait_share = 0;
    double transfer_share = 0;
    double idle_fraction = 0;  ///< of the workers' processors: 1 - compute_share
    double hidden_s = 0;       ///< communication behind computing, by --buckets; mean over the workers
    double hidden_share = 0;   ///< of the workers' own elapsed times; exposed: communication_share()
    std::uint64_t samples_computed = 0;  ///< in gradients, by all workers
    std::uint64_t samples_applied = 0;   ///< of these: whose gradients entered the shared parameters
    double samples_per_s = 0;            ///< applied
    double energy_J =
        std::numeric_limits<double>::quiet_NaN();  ///< of hosts and links; NaN: no power is given
    double host_energy_J = std::numeric_limits<double>::quiet_NaN();
    double link_energy_J = std::numeric_limits<double>::quiet_NaN();
    std::uint64_t updates = 0;
    std::optional<std::uint64_t> messages;  ///< parameter vectors sent inside the timed part, all ranks;
                                            ///< unset where MPI's own collective hides them
    std::optional<std::uint64_t> bytes;     ///< of their payload
    std::optional<std::uint64_t>
        predicted_messages;  ///< closed form; unset where there is none (MPI's own collective)
    std::optional<std::uint64_t> predicted_bytes;
    double cpu_percent = 0;     ///< of all cores of the machine(s)
    double memory_bytes = 0;    ///< sum over processes
    double memory_percent = 0;  ///< of the memory of the machine(s)
    double mean_staleness = 0;
    Outcome outcome = Outcome::finished;
    std::string standstill;  ///< what of a platform file took the run's hosts or links away; else empty
    std::string parameters_digest;  ///< of the final shared parameters; empty in timing-only runs
    std::string replay;             ///< how they compare with the recorded run's; empty without --replay

    double communication_s() const { return wait_s + transfer_s; }
    double communication_share() const { return wait_share + transfer_share; }
};

struct Result {
    scenario::Config config;
    Provenance provenance;
    Summary summary;
    std::vector<Worker> workers;
    std::vector<Evaluation> history;
    Staleness staleness;
    std::optional<TimeRange> time_range;                ///< simulated: where others were made beside it
    std::optional<CalibrationRange> calibration_range;  ///< likewise, with other settings
    std::optional<ExpectedError> expected_error;        ///< simulated: of its time, where it came to an end
    std::vector<Update> updates;  ///< every update in the order applied; only written to updates.csv
    std::vector<events::ActivityRow> activities;  ///< by rank; only written to activities.csv
    std::optional<Order> order;                   ///< of messages; only written by --record
};

}  // namespace lockstep::result
