#include "run/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "comm/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "run/measures.hpp"

namespace lockstep::run {
namespace {

/// The distinct hosts together.
struct Machines {
    std::size_t hosts = 0;
    std::size_t cores = 0;
    double memory_bytes = 0;
    bool oversubscribed = false;  ///< some host has more ranks than cores
};

Machines machines(const std::vector<RankReport>& reports) {
    std::map<std::string, std::size_t> ranks;
    Machines all;
    for (const RankReport& report : reports) {
        const std::size_t here = ++ranks[report.place.host];
        if (here > report.place.host_cores) all.oversubscribed = true;
        if (here > 1) continue;
        ++all.hosts;
        all.cores += report.place.host_cores;
        all.memory_bytes += report.place.host_memory_bytes;
    }
    return all;
}

/// The simulated platform, or the machines that mpirun chose.
std::string describe_platform(const std::vector<RankReport>& reports) {
    if (backend::time_is_simulated()) return reports.front().place.platform;
    const Machines all = machines(reports);
    return fmt::format("{} rank{} on {} host{} with {} cores", reports.size(), reports.size() == 1 ? "" : "s",
                       all.hosts, all.hosts == 1 ? "" : "s", all.cores);
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
    std::stable_sort(result.updates.begin(), result.updates.end(),
                     [](const auto& a, const auto& b) { return a.version_applied < b.version_applied; });
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

/// Samples and mean training losses, of all updates or of one worker's: over those whose numbers lie in a
/// range.
class TrainingLosses {
  public:
    TrainingLosses(const result::Result& result, const std::vector<RankReport>& reports,
                   std::optional<std::size_t> worker, const data::BatchOrder& order) {
        for (const result::Update& update : result.updates) {
            if (worker && *worker != update.worker) continue;
            const double samples =
                static_cast<double>(order.batch_size(update.step % order.rounds_per_epoch()));
            const std::vector<double>& losses = reports[update.worker].losses;
            const double loss =
                losses.empty() ? std::numeric_limits<double>::quiet_NaN() : losses.at(update.step);
            sums_.push_back(sums_.back() + loss * samples);
            weights_.push_back(weights_.back() + samples);
        }
    }

    /// In the first so many updates.
    std::uint64_t samples(std::uint64_t updates) const {
        return static_cast<std::uint64_t>(weights_[std::min<std::uint64_t>(updates, weights_.size() - 1)]);
    }

    double mean(std::uint64_t first, std::uint64_t end) const {
        const auto last = std::min<std::uint64_t>(end, sums_.size() - 1);
        return (sums_[last] - sums_[first]) / (weights_[last] - weights_[first]);
    }

  private:
    std::vector<double> sums_{0};
    std::vector<double> weights_{0};
};

/// The samples so far and the mean loss of the batches since the row before, shared rows and each worker's
/// apart.
void add_training_losses(result::Result& result, const std::vector<RankReport>& reports,
                         const data::BatchOrder& order) {
    std::map<std::optional<std::size_t>, std::pair<TrainingLosses, std::uint64_t>> sources;
    for (result::Evaluation& row : result.history) {
        auto& [losses, before] =
            sources.try_emplace(row.worker, TrainingLosses(result, reports, row.worker, order), 0)
                .first->second;
        row.samples = losses.samples(row.updates);
        row.train_loss =
            row.updates == 0 ? std::numeric_limits<double>::quiet_NaN() : losses.mean(before, row.updates);
        before = row.updates;
    }
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
void add_outcome(result::Result& result, bool arithmetic_is_real) {
    for (const result::Evaluation& row : result.history) {
        if (row.worker) continue;
        result.summary.test_loss = row.test_loss;
        result.summary.test_accuracy = row.test_accuracy;
        const bool finite = std::isfinite(row.test_loss) && (row.epoch == 0 || std::isfinite(row.train_loss));
        if (arithmetic_is_real && !finite) result.summary.outcome = result::Outcome::diverged;
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
    }
    const Machines all = machines(reports);
    result.provenance.oversubscribed = all.oversubscribed && !backend::time_is_simulated();
    summary.memory_percent = 100 * summary.memory_bytes / all.memory_bytes;
    if (summary.elapsed_s <= 0) return;
    summary.compute_share = summary.compute_s / elapsed_s;
    summary.wait_share = summary.wait_s / elapsed_s;
    summary.transfer_share = summary.transfer_s / elapsed_s;
    summary.idle_fraction = 1 - summary.compute_share;
    summary.samples_per_s = static_cast<double>(samples) / summary.elapsed_s;
    summary.cpu_percent = 100 * cpu_s / (summary.elapsed_s * static_cast<double>(all.cores));
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
    for (const RankReport& report : reports) result.workers.push_back(report.worker);
    add_updates(result, reports);
    add_history(result, reports, problem.order);
    add_outcome(result, problem.dataset != nullptr);
    add_times(result, reports);
    add_energy(result, reports);
    add_measures(result);
    add_traffic(result, exchange::predict_traffic(config, problem.steps(config), problem.parameters));
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
        const comm::WaitStates blocked = comm::resolve_wait_states(rank, logs);
        worker.transfer_s = blocked.transfer_s;
        worker.wait_s = worker.elapsed_s - worker.compute_s - worker.transfer_s;
        worker.other_s = 0;
        resolved.push_back(std::move(reports[rank].report));
    }
    return summarise(config, problem, std::move(resolved));
}

double predicted_memory_bytes(const scenario::Config& config, const Problem& problem, bool server) {
    const double sample_bytes = static_cast<double>(problem.network.architecture().inputs) + 1;
    const double samples = static_cast<double>(problem.shape.train_samples + problem.shape.test_samples);
    const double vector_bytes = 4.0 * static_cast<double>(problem.parameters);
    // Besides the vectors of the exchange: the start vector on every rank, the gradient on a worker.
    const double vectors = static_cast<double>(exchange::vectors_held(config, server)) + (server ? 1 : 2);
    const double batch_bytes = server ? 0
                                      : 4.0 * static_cast<double>(problem.order.largest_batch() *
                                                                  problem.network.architecture().inputs);
    return samples * sample_bytes + vectors * vector_bytes + batch_bytes;
}

}  // namespace lockstep::run
