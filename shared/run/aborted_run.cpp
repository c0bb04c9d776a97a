#include "run/aborted_run.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "exchange/catalogue.hpp"
#include "run/summary.hpp"

namespace lockstep::run {
namespace {

/// Of a rank that cannot report any more.
RankReport blank_report(const RankReport& survivors, std::size_t rank, bool is_server, std::string host) {
    using result::Worker;
    RankReport blank;
    Worker& worker = blank.worker;
    worker.rank = rank;
    worker.is_server = is_server;
    worker.host = std::move(host);
    worker.completed = false;
    for (double Worker::*figure :
         {&Worker::elapsed_s, &Worker::compute_s, &Worker::wait_s, &Worker::transfer_s, &Worker::other_s,
          &Worker::copying_s, &Worker::hidden_s, &Worker::cpu_s, &Worker::memory_bytes})
        worker.*figure = std::numeric_limits<double>::quiet_NaN();
    blank.place.name = survivors.place.name;
    blank.first_step = survivors.first_step;
    blank.elapsed_before_s = survivors.elapsed_before_s;
    blank.trained_before = survivors.trained_before;
    return blank;
}

std::vector<RankReport> with_blanks(const scenario::Config& config, RankReport survivors,
                                    const std::vector<std::string>& hosts) {
    const std::size_t survivor = survivors.worker.rank;
    std::vector<RankReport> reports;
    for (std::size_t rank = 0; rank < scenario::rank_count(config); ++rank)
        reports.push_back(blank_report(survivors, rank, rank >= config.workers,
                                       rank < hosts.size() ? hosts[rank] : std::string()));
    reports.at(survivor) = std::move(survivors);
    return reports;
}

/// The same step of another worker. Where v goes from worker to worker, it finds v so many versions earlier.
exchange::Update taken_by(std::size_t worker, const exchange::Update& update, exchange::Holder holder) {
    if (holder != exchange::Holder::last_worker)
        return {worker, update.step, update.version_read, update.version_applied};
    const std::uint64_t earlier = update.worker - worker;
    return {worker, update.step, update.version_read - std::min(update.version_read, earlier),
            update.version_applied - earlier};
}

/// Without a server each worker tells of its own steps: of those that v holds, which all have taken.
void add_steps_of_others(const scenario::Config& config, std::vector<RankReport>& reports,
                         std::size_t survivor, std::uint64_t steps_of_v) {
    const exchange::Holder holder = config.method->traits->holder;
    if (scenario::server_count(config) > 0 || holder == exchange::Holder::nobody) return;
    std::erase_if(reports[survivor].updates,
                  [&](const exchange::Update& update) { return update.step >= steps_of_v; });
    for (RankReport& report : reports) {
        if (report.worker.rank == survivor) continue;
        for (const exchange::Update& update : reports[survivor].updates)
            report.updates.push_back(taken_by(report.worker.rank, update, holder));
    }
}

/// Where nobody has v, or not yet, what one worker knows is no figure of all.
void leave_out_what_others_know(result::Result& result) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    result.summary.test_loss = result.summary.test_accuracy = unknown;
    result.summary.mean_staleness = unknown;
    for (result::Worker& worker : result.workers) worker.update_share = worker.mean_staleness = unknown;
}

/// Of blank reports: at least those that have entered v.
void count_known_steps(std::vector<RankReport>& reports, std::size_t survivor,
                       const data::BatchOrder& order) {
    for (const RankReport& report : reports)
        for (const exchange::Update& update : report.updates) {
            if (update.worker == survivor) continue;
            result::Worker& worker = reports.at(update.worker).worker;
            ++worker.steps;
            worker.samples += order.batch_size(update.step % order.rounds_per_epoch());
        }
}

/// Cores are known of the survivor's machine only.
std::string places(const std::vector<std::string>& hosts) {
    const std::size_t different = std::set<std::string>(hosts.begin(), hosts.end()).size();
    return fmt::format("{} ranks on {} host{}", hosts.size(), different, different == 1 ? "" : "s");
}

}  // namespace

std::size_t rank_with_v(const scenario::Config& config) {
    if (scenario::server_count(config) > 0) return config.workers;
    std::size_t rank = 0;
    while (!exchange::holds_v(*scenario::method_of(config), config.workers, rank)) ++rank;
    return rank;
}

result::Result summarise_aborted(const scenario::Config& config, const Problem& problem,
                                 SurvivorReport survivor, const Abort& abort) {
    const std::size_t rank = survivor.report.worker.rank;
    std::vector<RankReport> reports = with_blanks(config, std::move(survivor.report), abort.hosts);
    add_steps_of_others(config, reports, rank, survivor.steps_of_v);
    count_known_steps(reports, rank, problem.order);
    result::Result result = summarise(config, problem, std::move(reports));
    const bool is_held = config.method->traits->holder != exchange::Holder::nobody;
    const bool is_known = scenario::server_count(config) > 0 || (is_held && survivor.steps_of_v > 0);
    if (!is_known) leave_out_what_others_know(result);
    result.summary.outcome = result::Outcome::aborted;
    // The time is the survivor's, until it gave the run up.
    result.summary.samples_per_s = std::numeric_limits<double>::quiet_NaN();
    result.summary.predicted_messages.reset();  // they are of the whole run
    result.summary.predicted_bytes.reset();
    if (!result.summary.replay.empty()) result.summary.replay = "unchecked";
    result.order.reset();  // nothing can be replayed of a part
    result.provenance.platform = places(abort.hosts);
    result.provenance.abort_cause = abort.cause;
    return result;
}

}  // namespace lockstep::run
