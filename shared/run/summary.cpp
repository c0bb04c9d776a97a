#include "run/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "events/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "run/joint_parameters.hpp"
#include "run/machines.hpp"
#include "run/replay/order.hpp"
#include "run/training_losses.hpp"
#include "scenario/processors.hpp"
#include "scenario/slowness.hpp"

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

/// Where an update stands among all: by the versions of v or, where workers never meet and nobody counts
/// versions of all of v, by time; that of a standstill where it came before the step was taken to its end.
double place(const RankReport& report, bool never_meet, const exchange::Update& update) {
    if (!never_meet) return static_cast<double>(update.version_applied);
    return update.step < report.progress_s.size() ? report.progress_s[update.step] : report.worker.elapsed_s;
}

void add_updates(result::Result& result, const std::vector<RankReport>& reports,
                 const data::BatchOrder& order) {
    std::vector<double> staleness_sums(result.workers.size(), 0.0);
    const bool never_meet = result.config.method->traits->holder == exchange::Holder::nobody;
    std::vector<std::pair<double, result::Update>> placed;
    for (const RankReport& report : reports) {
        for (const exchange::Update& update : report.updates) {
            const std::uint64_t staleness = update.version_applied - update.version_read;
            result::Worker& worker = result.workers[update.worker];
            ++result.staleness[staleness];
            ++worker.staleness[staleness];
            ++worker.updates;
            worker.samples_applied += order.batch_size(update.step % order.rounds_per_epoch());
            staleness_sums[update.worker] += static_cast<double>(staleness);
            placed.push_back(
                {place(report, never_meet, update),
                 {static_cast<std::uint32_t>(update.worker), static_cast<std::uint32_t>(update.step),
                  static_cast<std::uint32_t>(update.version_read),
                  static_cast<std::uint32_t>(update.version_applied)}});
        }
    }
    std::ranges::stable_sort(placed, {}, &std::pair<double, result::Update>::first);
    result.updates.reserve(placed.size());
    for (const auto& [at, update] : placed) result.updates.push_back(update);
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

/// The report with the course of v: of those that have one, the one that goes furthest. Rank 0's (of a run
/// that was aborted the survivor's), of the start parameters alone, where nothing has been applied.
const RankReport& with_course(const std::vector<RankReport>& reports) {
    const auto after_last_updates = [](const RankReport& report) {
        std::uint64_t after = 0;
        for (const result::Evaluation& row : report.history)
            if (!row.worker) after = std::max(after, row.updates + 1);
        return after;
    };
    return *std::ranges::max_element(reports, {}, after_last_updates);
}

void add_history(result::Result& result, const std::vector<RankReport>& reports,
                 const data::BatchOrder& order) {
    const RankReport& course = with_course(reports);
    for (const RankReport& report : reports)
        for (const result::Evaluation& row : report.history)
            if (row.worker || &report == &course) result.history.push_back(row);
    std::stable_sort(result.history.begin(), result.history.end(), [](const auto& a, const auto& b) {
        return std::pair(a.epoch, a.worker) < std::pair(b.epoch, b.worker);
    });
    result.summary.parameters_digest = course.parameters_digest;
    static_cast<result::Measures&>(result.summary) = course.measures;
    add_training_losses(result, reports, order);
}

/// Which of the workers that are not done never will be, whatever the others do.
void mark_stopped(result::Result& result, double elapsed_before_s) {
    for (result::Worker& worker : result.workers) {
        if (worker.is_server || worker.completed || std::isnan(worker.elapsed_s)) continue;
        const auto now =
            scenario::Slowness(result.config, worker.rank).at(elapsed_before_s + worker.elapsed_s);
        worker.stopped |= std::isinf(now.factor) && std::isinf(now.until_s);
    }
}

/// Whether workers that are able to go on wait for one that is not, or none is able to.
bool is_stalled(const result::Result& result) {
    bool any_completed = false;
    for (const result::Worker& worker : result.workers) {
        if (worker.is_server) continue;
        if (!worker.completed && !worker.stopped) return true;
        any_completed = any_completed || worker.completed;
    }
    return !any_completed;
}

/// Loss and accuracy at the end, and whether training broke down on the way.
void add_outcome(result::Result& result, const std::vector<RankReport>& reports, bool arithmetic_is_real) {
    const auto is_broken = [&](const result::Update& update) {
        const std::vector<double>& losses = reports[update.worker].losses;
        return !losses.empty() && !std::isfinite(losses.at(update.step));  // those of a lost rank are unknown
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
    for (const result::Worker& worker : result.workers) {
        summary.elapsed_s = std::max(summary.elapsed_s, worker.elapsed_s);
        summary.memory_bytes += worker.memory_bytes;
        cpu_s += worker.cpu_s;
        summary.samples_computed += worker.samples;
        summary.samples_applied += worker.samples_applied;
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
    const double trained_s = summary.elapsed_s;
    summary.elapsed_s += reports.front().elapsed_before_s;
    if (trained_s <= 0) return;
    summary.compute_share = summary.compute_s / elapsed_s;
    summary.wait_share = summary.wait_s / elapsed_s;
    summary.transfer_share = summary.transfer_s / elapsed_s;
    summary.hidden_share = summary.hidden_s / elapsed_s;
    summary.idle_fraction = 1 - summary.compute_share;
    summary.samples_per_s = static_cast<double>(summary.samples_applied) / trained_s;
    summary.cpu_percent = 100 * cpu_s / (trained_s * static_cast<double>(all.cores));
}

/// From its first step on.
exchange::Work work_of(const scenario::Config& config, const Problem& problem, const result::Result& result,
                       std::uint64_t first_step) {
    exchange::Work work = problem.work(config);
    work.steps -= first_step;
    for (const result::Worker& worker : result.workers) work.steps_taken += worker.steps;
    return work;
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
    result.provenance.trained_before = reports.front().trained_before;
    for (const RankReport& report : reports) {
        result.workers.push_back(report.worker);
        result.activities.insert(result.activities.end(), report.activities.begin(), report.activities.end());
    }
    add_updates(result, reports, problem.order);
    add_history(result, reports, problem.order);
    mark_stopped(result, reports.front().elapsed_before_s);
    add_outcome(result, reports, problem.dataset != nullptr);
    add_times(result, reports);
    add_energy(result, reports);
    add_traffic(result, scenario::method_of(config)->traffic(
                            work_of(config, problem, result, reports.front().first_step)));
    result.summary.replay = compare_with_recorded(result, problem);
    if (scenario::records_order(config)) result.order = recorded_order(result, reports, problem);
    return result;
}

result::Result summarise_unfinished(const scenario::Config& config, const Problem& problem,
                                    std::vector<UnfinishedReport> reports, const Standstill& standstill) {
    std::vector<const events::MessageLog*> logs;
    logs.reserve(reports.size());
    for (const UnfinishedReport& unfinished : reports) logs.push_back(&unfinished.log);
    std::vector<RankReport> resolved;
    resolved.reserve(reports.size());
    for (std::size_t rank = 0; rank < reports.size(); ++rank) {
        result::Worker& worker = reports[rank].report.worker;
        if (reports[rank].report.place.name.empty())
            throw base::EnvironmentError(fmt::format("rank {} came to a standstill before training began{}{}",
                                                     rank, standstill.reason.empty() ? "" : ": ",
                                                     standstill.reason));
        events::ActivityTotals totals;
        const events::WaitStates blocked = events::resolve_wait_states(rank, logs, &totals);
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
    for (const std::size_t rank : standstill.stopped_ranks)
        resolved[rank].worker.stopped = !resolved[rank].worker.completed && !resolved[rank].worker.is_server;
    result::Result result = summarise(config, problem, std::move(resolved));
    result.summary.standstill = standstill.reason;
    return result;
}

double predicted_memory_bytes(const Problem& problem, bool server, const backend::ResourceUse& used) {
    const auto inputs = static_cast<double>(problem.network.architecture().inputs);
    const double samples = static_cast<double>(problem.shape.train_samples + problem.shape.test_samples);
    const double dataset_bytes = samples * (inputs + 1);
    if (server) return dataset_bytes + used.peak_buffer_bytes;
    const double batch_bytes = 4 * static_cast<double>(problem.order.largest_batch()) * inputs;
    const double gradient_bytes = 4 * static_cast<double>(problem.parameters);
    return dataset_bytes + batch_bytes + gradient_bytes + used.peak_buffer_bytes;
}

}  // namespace lockstep::run
