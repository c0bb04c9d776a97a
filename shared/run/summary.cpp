#include "run/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "comm/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "exchange/optimiser.hpp"
#include "run/assembly.hpp"
#include "run/evaluation.hpp"
#include "run/machines.hpp"
#include "run/measures.hpp"
#include "run/replay/order.hpp"
#include "run/training_losses.hpp"
#include "scenario/processors.hpp"

namespace lockstep::run {
namespace {

/// The simulated platform, or the machines that mpirun chose.
std::string describe_platform(const std::vector<RankReport>& reports) {
    if (backend::time_is_simulated()) return reports.front().place.platform;
    const Machines all = machines(reports);
    const auto ranks =
        std::ranges::count_if(reports, [](const RankReport& report) { return !report.place.host.empty(); });
    return fmt::format("{} rank{} on {} host{} with {} cores", ranks, ranks == 1 ? "" : "s", all.hosts,
                       all.hosts == 1 ? "" : "s", all.cores);
}

/// Where an update stands among all. With ad-psgd each worker has versions of its own, and v after k steps is
/// what the first k steps of each worker have made.
std::uint64_t place(const scenario::Config& config, const result::Update& update) {
    return config.method == scenario::Method::ad_psgd ? update.step : update.version_applied;
}

void add_updates(result::Result& result, const std::vector<RankReport>& reports) {
    std::vector<double> staleness_sums(result.workers.size(), 0.0);
    for (const RankReport& report : reports) {
        for (const exchange::Update& update : report.updates) {
            const std::uint64_t staleness = update.version_applied - update.version_read;
            ++result.staleness[staleness];
            ++result.workers[update.worker].staleness[staleness];
            ++result.workers[update.worker].updates;
            staleness_sums[update.worker] += static_cast<double>(staleness);
            result.updates.push_back({static_cast<std::uint32_t>(update.worker),
                                      static_cast<std::uint32_t>(update.step),
                                      static_cast<std::uint32_t>(update.version_read),
                                      static_cast<std::uint32_t>(update.version_applied)});
        }
    }
    std::ranges::stable_sort(result.updates, {},
                             [&](const result::Update& update) { return place(result.config, update); });
    double sum = 0;
    for (std::size_t i = 0; i < result.workers.size(); ++i) {
        result::Worker& worker = result.workers[i];
        sum += staleness_sums[i];
        if (worker.updates == 0) continue;
        worker.mean_staleness = staleness_sums[i] / static_cast<double>(worker.updates);
        worker.update_share =
            static_cast<double>(worker.updates) / static_cast<double>(result.updates.size());
    }
    result.summary.updates = result.updates.size();
    if (!result.updates.empty())
        result.summary.mean_staleness = sum / static_cast<double>(result.updates.size());
}

void add_history(result::Result& result, const std::vector<RankReport>& reports,
                 const data::BatchOrder& order) {
    for (const RankReport& report : reports) {
        result.history.insert(result.history.end(), report.history.begin(), report.history.end());
        if (!report.parameters_digest.empty()) result.summary.parameters_digest = report.parameters_digest;
    }
    std::stable_sort(result.history.begin(), result.history.end(), [](const auto& a, const auto& b) {
        return std::pair(a.epoch, a.worker) < std::pair(b.epoch, b.worker);
    });
    add_training_losses(result, reports, order);
}

/// Whether workers that are able to go on wait for one that is not, or none is able to.
bool is_stalled(const result::Result& result) {
    const auto has_stopped = [&](const result::Worker& worker) {
        return std::ranges::any_of(result.config.failures, [&](const auto& failure) {
            return failure.worker == worker.rank && failure.back_s == scenario::for_ever_s;
        });
    };
    bool any_completed = false;
    for (const result::Worker& worker : result.workers) {
        if (worker.is_server) continue;
        if (!worker.completed && !has_stopped(worker)) return true;
        any_completed = any_completed || worker.completed;
    }
    return !any_completed;
}

/// Loss and accuracy at the end, and whether training broke down on the way.
void add_outcome(result::Result& result, const std::vector<RankReport>& reports, bool arithmetic_is_real) {
    const auto is_broken = [&](const result::Update& update) {
        return !std::isfinite(reports[update.worker].losses.at(update.step));
    };
    if (arithmetic_is_real && std::ranges::any_of(result.updates, is_broken))
        result.summary.outcome = result::Outcome::diverged;
    for (const result::Evaluation& row : result.history) {
        if (row.worker) continue;
        result.summary.test_loss = row.test_loss;
        result.summary.test_accuracy = row.test_accuracy;
        if (arithmetic_is_real && !std::isfinite(row.test_loss))
            result.summary.outcome = result::Outcome::diverged;
    }
    if (is_stalled(result)) result.summary.outcome = result::Outcome::stalled;
}

/// What the platform had used when its last rank was done.
void add_energy(result::Result& result, const std::vector<RankReport>& reports) {
    result::Summary& summary = result.summary;
    for (const RankReport& report : reports) {
        if (!report.energy) continue;
        const double energy_J = report.energy->hosts_J + report.energy->links_J;
        if (energy_J <= summary.energy_J) continue;  // false where nothing has been noted yet
        summary.energy_J = energy_J;
        summary.host_energy_J = report.energy->hosts_J;
        summary.link_energy_J = report.energy->links_J;
    }
}

/// Messages and bytes of all ranks, counted and by closed form.
void add_traffic(result::Result& result, std::optional<comm::Traffic> predicted) {
    result::Summary& summary = result.summary;
    comm::Traffic counted;
    bool complete = true;
    for (const result::Worker& worker : result.workers) {
        complete = complete && worker.messages_sent && worker.bytes_sent;
        counted.messages += worker.messages_sent.value_or(0);
        counted.bytes += worker.bytes_sent.value_or(0);
    }
    if (complete) {
        summary.messages = counted.messages;
        summary.bytes = counted.bytes;
    }
    if (!predicted) return;
    summary.predicted_messages = predicted->messages;
    summary.predicted_bytes = predicted->bytes;
}

void add_times(result::Result& result, const std::vector<RankReport>& reports) {
    result::Summary& summary = result.summary;
    const auto workers = static_cast<double>(result.config.workers);
    double cpu_s = 0;
    double elapsed_s = 0;  // of all workers together
    std::uint64_t samples = 0;
    for (const result::Worker& worker : result.workers) {
        summary.elapsed_s = std::max(summary.elapsed_s, worker.elapsed_s);
        summary.memory_bytes += worker.memory_bytes;
        cpu_s += worker.cpu_s;
        samples += worker.samples;
        if (worker.is_server) continue;
        elapsed_s += worker.elapsed_s / workers;
        summary.compute_s += worker.compute_s / workers;
        summary.wait_s += worker.wait_s / workers;
        summary.transfer_s += worker.transfer_s / workers;
        summary.hidden_s += worker.hidden_s / workers;
    }
    const Machines all = machines(reports);
    const bool must_sleep = scenario::emulates_all_speeds(result.config);
    result.provenance.oversubscribed =
        !backend::time_is_simulated() && all.crowded && (all.busy || !must_sleep);
    summary.memory_percent = 100 * summary.memory_bytes / all.memory_bytes;
    if (summary.elapsed_s <= 0) return;
    summary.compute_share = summary.compute_s / elapsed_s;
    summary.wait_share = summary.wait_s / elapsed_s;
    summary.transfer_share = summary.transfer_s / elapsed_s;
    summary.hidden_share = summary.hidden_s / elapsed_s;
    summary.idle_fraction = 1 - summary.compute_share;
    summary.samples_per_s = static_cast<double>(samples) / summary.elapsed_s;
    summary.cpu_percent = 100 * cpu_s / (summary.elapsed_s * static_cast<double>(all.cores));
}

exchange::Work work_of(const scenario::Config& config, const Problem& problem, const result::Result& result) {
    exchange::Work work{problem.steps(config), problem.order.rounds_per_epoch(), problem.parameters, 0,
                        problem.blocks};
    for (const result::Worker& worker : result.workers) work.steps_taken += worker.steps;
    return work;
}

/// What ranks held together and could not put together themselves.
std::vector<Snapshot> assemble(const Problem& problem, const scenario::Config& config,
                               const std::vector<UnfinishedReport>& reports) {
    Assembly assembly(config.workers, problem.parameters);
    for (const UnfinishedReport& unfinished : reports)
        for (const Snapshot& share : unfinished.snapshots) assembly.add(share);
    return assembly.snapshots();
}

}  // namespace

result::Result summarise(const scenario::Config& config, const Problem& problem,
                         std::vector<RankReport> reports) {
    result::Result result;
    result.config = config;
    result.provenance.backend = reports.front().place.name;
    result.provenance.platform = describe_platform(reports);
    result.provenance.data_description = problem.dataset ? problem.dataset->description
                                         : scenario::is_phantom(config)
                                             ? "none: a phantom model is only timed"
                                             : config.data + " (not loaded)";
    for (const RankReport& report : reports) {
        result.workers.push_back(report.worker);
        result.activities.insert(result.activities.end(), report.activities.begin(), report.activities.end());
    }
    add_updates(result, reports);
    add_history(result, reports, problem.order);
    add_outcome(result, reports, problem.dataset != nullptr);
    add_times(result, reports);
    add_energy(result, reports);
    add_measures(result);
    add_traffic(result, scenario::replays_serially(config)
                            ? comm::Traffic{}
                            : exchange::predict_traffic(config, work_of(config, problem, result)));
    result.summary.replay = compare_with_recorded(result, problem);
    if (scenario::records_order(config)) result.order = recorded_order(result, reports, problem);
    return result;
}

result::Result summarise_unfinished(const scenario::Config& config, const Problem& problem,
                                    std::vector<UnfinishedReport> reports) {
    std::vector<const comm::MessageLog*> logs;
    logs.reserve(reports.size());
    for (const UnfinishedReport& unfinished : reports) logs.push_back(&unfinished.log);
    std::vector<RankReport> resolved;
    resolved.reserve(reports.size());
    for (std::size_t rank = 0; rank < reports.size(); ++rank) {
        result::Worker& worker = reports[rank].report.worker;
        if (reports[rank].report.place.name.empty())
            throw base::EnvironmentError(fmt::format("rank {} was stopped and left no report", rank));
        events::ActivityTotals totals;
        const comm::WaitStates blocked = comm::resolve_wait_states(rank, logs, &totals);
        worker.transfer_s = blocked.transfer_s;
        worker.wait_s = worker.elapsed_s - worker.compute_s - worker.transfer_s;
        worker.other_s = 0;
        if (config.events != scenario::Events::none) {
            totals.add(reports[rank].report.activities);
            totals.add(events::Activity::wait, events::no_peer, {1, worker.wait_s - blocked.wait_s, 0});
            reports[rank].report.activities = totals.rows(rank);
        }
        resolved.push_back(std::move(reports[rank].report));
    }
    if (!reports.front().assembled)
        evaluate_snapshots(problem, assemble(problem, config, reports), resolved.front());
    return summarise(config, problem, std::move(resolved));
}

double predicted_memory_bytes(const scenario::Config& config, const Problem& problem, bool server) {
    const double sample_bytes = static_cast<double>(problem.network.architecture().inputs) + 1;
    const double samples = static_cast<double>(problem.shape.train_samples + problem.shape.test_samples);
    const double vector_bytes = 4.0 * static_cast<double>(problem.parameters);
    // Besides the vectors of the exchange: the start vector on every rank, the gradient on a worker.
    const bool has_optimiser = server == (config.method == scenario::Method::backup_workers);
    const std::size_t velocities = has_optimiser ? exchange::Optimiser::vectors(config.optimiser) : 0;
    const double vectors =
        exchange::vectors_held(config, server) + (server ? 1 : 2) + static_cast<double>(velocities);
    const double batch_bytes = server ? 0
                                      : 4.0 * static_cast<double>(problem.order.largest_batch() *
                                                                  problem.network.architecture().inputs);
    return samples * sample_bytes + vectors * vector_bytes + batch_bytes;
}

}  // namespace lockstep::run
