#include "study/report/advice.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "scenario/applicability.hpp"
#include "study/compare/limit.hpp"
#include "study/report/worker_times.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Worker;
using scenario::Method;

constexpr double mostly = 0.7;   ///< a share from which on one thing explains a run
constexpr double uneven = 1.25;  ///< a ratio from which on workers are unlike
constexpr double much_more = 1.5;
constexpr double about_last = 0.95;  ///< of the time of the last one
constexpr double small = 0.25;       ///< of something else
constexpr double queueing = 2;       ///< times the transfer that there would be without the others

std::string percent(double share) {
    return base::format_share(std::max(share, 0.0));
}

std::string spent(const TimeShares& shares) {
    return fmt::format(
        "On average the workers spent {} of their time computing, {} waiting for a partner, {} "
        "in transfer of messages and {} otherwise.",
        percent(shares.compute), percent(shares.wait), percent(shares.transfer), percent(shares.other));
}

/// Where messages take their time, in bytes or in setting out, on a network all of whose links are known to
/// be alike.
std::optional<Cause> network_cause(const Result& result) {
    const scenario::Config& config = result.config;
    const auto& summary = result.summary;
    if (!is_star_of_equal_links(result) || !summary.bytes || summary.messages.value_or(0) == 0)
        return std::nullopt;
    const double bytes = static_cast<double>(*summary.bytes) / static_cast<double>(*summary.messages);
    const double bytes_s = bytes / config.bandwidth_Bps;
    const double setting_out_s = config.latency_s + config.message_overhead_s;
    if (bytes_s >= 2 * setting_out_s) return Cause::bandwidth;
    if (setting_out_s >= 2 * bytes_s) return Cause::latency;
    return std::nullopt;
}

std::string message_sizes(const Result& result) {
    const auto& summary = result.summary;
    if (!summary.bytes || summary.messages.value_or(0) == 0) return {};
    const double mean = static_cast<double>(*summary.bytes) / static_cast<double>(*summary.messages);
    return fmt::format("{} messages carried {} on average.", *summary.messages, base::format_bytes(mean));
}

std::string fewer_exchanges(const Result& result) {
    return fmt::format("exchange less often (a larger --batch, {})",
                       scenario::applies("period", result.config)
                           ? "a longer --period"
                           : "or local-sgd, which exchanges every --period steps");
}

/// `3`, or of several `1, 3 and 4`, at most the first few.
std::string names_of(const std::vector<const Worker*>& workers) {
    constexpr std::size_t most = 8;
    std::string names = fmt::format("{}", workers.front()->rank);
    for (std::size_t i = 1; i < std::min(workers.size(), most); ++i)
        names += fmt::format("{}{}", i + 1 == workers.size() ? " and " : ", ", workers[i]->rank);
    if (workers.size() > most) names += fmt::format(" and {} others", workers.size() - most);
    return names;
}

/// Those that compute about as long for a step as the slowest one does.
std::vector<const Worker*> as_slow_as(const Slowest& slowest, const std::vector<const Worker*>& workers) {
    std::vector<const Worker*> slow;
    for (const Worker* worker : workers)
        if (compute_of_step(*worker) * uneven >= compute_of_step(*slowest.worker)) slow.push_back(worker);
    return slow;
}

/// A method in which nobody waits for the slowest, where the run has another one.
std::string not_waiting(Method method, bool is_one) {
    std::string names = method == Method("by-arrival") ? "" : "by-arrival";
    if (is_one && method != Method("backup-workers"))
        names += names.empty() ? "backup-workers" : ", backup-workers";
    return names.empty() ? names
                         : fmt::format("; a method in which nobody waits for the slowest ({}) hides {}",
                                       names, is_one ? "it" : "them");
}

Advice straggler_advice(Method method, const Slowest& slowest, const std::vector<const Worker*>& workers,
                        bool ends_last) {
    const std::vector<const Worker*> slow = as_slow_as(slowest, workers);
    const bool is_one = slow.size() == 1;
    const std::string names = fmt::format("{} {}", is_one ? "worker" : "workers", names_of(slow));
    const std::string late = ends_last ? fmt::format("{} done last", is_one ? "it was" : "they were")
                                       : fmt::format("the others waited for {}", is_one ? "it" : "them");
    return {Cause::straggler,
            fmt::format("W{} decided the pace: {}, and for a step {} computed {} times as long as {}.",
                        names.substr(1), late, is_one ? "it" : "the slowest of them",
                        base::format_number(slowest.times_median),
                        workers.size() == 2 ? "the other one" : "the median worker"),
            fmt::format("Speed up or leave out {}, or give {} fewer samples{}.", names,
                        is_one ? "it" : "them", not_waiting(method, is_one)),
            {}};
}

Advice server_advice(const std::string& why, const Result& result) {
    std::string change = "Relieve the server: ";
    if (scenario::may_have_several_servers(result.config))
        change += "divide the parameters among several (--servers), ";
    if (result.config.method->has("compression")) change += "send less (--compression), ";
    return {Cause::server,
            why,
            change + fewer_exchanges(result) + ", or agree without a server (allreduce, gossip).",
            {}};
}

Advice network_advice(const Result& result, double share, std::string_view what) {
    const std::optional<Cause> cause = network_cause(result);
    const std::string sizes = message_sizes(result);
    if (cause == Cause::latency)
        return {
            Cause::latency,
            fmt::format(
                "Communication took most of the time ({} of it {}), and of a message on an idle link more "
                "is latency and overhead than bytes. {}",
                percent(share), what, sizes),
            fmt::format("First {}; then lower latency. More bandwidth would change little.",
                        fewer_exchanges(result)),
            {}};
    const std::string less = result.config.method->has("compression") ? "send less (--compression), " : "";
    if (cause == Cause::bandwidth)
        return {
            Cause::bandwidth,
            fmt::format(
                "Communication took most of the time ({} of it {}), and of a message on an idle link more "
                "is bytes than latency. {}",
                percent(share), what, sizes),
            fmt::format("First {}{}; then a wider link. Lower latency would change little.", less,
                        fewer_exchanges(result)),
            {}};
    return {Cause::transfer,
            fmt::format("Communication took most of the time ({} of it {}). {}", percent(share), what, sizes),
            fmt::format("First {}{}; then a faster network.", less, fewer_exchanges(result)),
            {}};
}

Advice computing_advice(const Result& result, const TimeShares& shares) {
    const bool is_alone = scenario::rank_count(result.config) == 1;
    return {Cause::computing,
            "The run was limited by computing.",
            is_alone ? "A faster processor, or more workers: a parallel method divides the steps."
                     : fmt::format(
                           "Faster processors, or more workers. A better network cannot save more than the "
                           "{} that was not computing.",
                           percent(1 - shares.compute)),
            {}};
}

/// How late worker's own computing keeps the others waiting, where it does.
std::optional<Advice> straggler(Method method, const std::vector<const Worker*>& workers,
                                const TimeShares& shares) {
    if (workers.size() < 2) return std::nullopt;
    const Slowest step = slowest_by(workers, compute_of_step);
    const double own = step.worker->compute_s / step.worker->elapsed_s;
    if (step.times_median < uneven || own < 0.5) return std::nullopt;
    const Slowest end = slowest_by(workers, [](const Worker& worker) { return worker.elapsed_s; });
    const bool ends_last =
        step.worker->elapsed_s >= about_last * end.worker->elapsed_s && end.times_median >= uneven;
    const bool others_wait = shares.wait >= std::max(shares.transfer, 1 - mostly);
    if (!ends_last && !others_wait) return std::nullopt;
    return straggler_advice(method, step, workers, ends_last);
}

/// Whether workers wait while hardly any message is under way, at any rank: then they wait for computing. A
/// server or a partner that is busy with the others' messages is itself in transfer.
bool waits_for_computing(const Result& result, const TimeShares& shares) {
    return std::ranges::none_of(result.workers, [&](const Worker& worker) {
        return worker.transfer_s > small * shares.wait * worker.elapsed_s;
    });
}

Advice waiting_advice(const Result& result, const TimeShares& shares) {
    std::string change =
        "Wait for fewer of them: backup-workers goes on without the slowest of each step, and in "
        "by-arrival nobody waits for another worker; or let long and short steps even out between "
        "exchanges by longer periods (";
    change += scenario::applies("period", result.config) ? "--period" : "local-sgd with --period";
    return {Cause::waiting,
            fmt::format("Workers waited for one another {} of their time, and not for a single one of them, "
                        "while hardly any message was under way ({} in transfer): steps vary, and everyone "
                        "waits for the slowest of each.",
                        percent(shares.wait), percent(shares.transfer)),
            change + "). A faster network would change little.",
            {}};
}

Advice limit_of(const Result& result, const std::vector<const Worker*>& workers, const TimeShares& shares) {
    if (const auto late = straggler(result.config.method, workers, shares)) return *late;
    if (shares.compute >= mostly || result.workers.size() == 1) return computing_advice(result, shares);
    const double waiting = shares.wait + shares.transfer;
    if (const double busy = server_computing(result); busy >= mostly)
        return server_advice(
            fmt::format("The server was computing {} of the time, and the workers waited for it.",
                        percent(busy)),
            result);
    if (const auto alone = transfer_alone(result);
        alone && shares.transfer >= queueing * *alone && shares.transfer > shares.compute)
        return server_advice(
            fmt::format("Messages met at the server: {} of the workers' time they were in transfer; "
                        "each alone on the network they would have been {}.",
                        percent(shares.transfer), percent(*alone)),
            result);
    if (shares.other > std::max(shares.compute, waiting))
        return {Cause::overhead,
                fmt::format("{} of the workers' time was neither computing nor messages: copies, overhead of "
                            "messages, or processors that stood still.",
                            percent(shares.other)),
                "Look at --message-overhead, --pause and --failure of the scenario, or at what else the "
                "machine did.",
                {}};
    if (shares.compute >= waiting) return computing_advice(result, shares);
    if (result.config.method->traits->holder == exchange::Holder::last_worker &&
        shares.wait >= shares.transfer)
        return {Cause::turns,
                "The workers take turns, and each waited for the parameters to come round.",
                "A method in which steps overlap (by-arrival, sync-average), or a faster network: the hop "
                "sets the pace.",
                {}};
    if (shares.wait > shares.transfer && waits_for_computing(result, shares))
        return waiting_advice(result, shares);
    if (shares.wait > shares.transfer)
        return network_advice(result, shares.wait, "waiting for partners that computed no longer themselves");
    return network_advice(result, shares.transfer, "in transfer");
}

std::string lower_bound(const Result& result, const std::vector<const Worker*>& workers) {
    double most_s = 0;
    for (const Worker* worker : workers) most_s = std::max(most_s, worker->compute_s);
    return fmt::format(
        "With the same processors and communication for nothing it would still take at least {}, "
        "the computing of its busiest worker, in place of {}.",
        base::format_time(most_s), base::format_time(result.summary.elapsed_s));
}

void add_remarks(Advice& advice, const Result& result, const std::vector<const Worker*>& workers) {
    if (workers.size() > 1) advice.remarks.push_back(lower_bound(result, workers));
    if (result.summary.mean_staleness > 0 && !result.staleness.empty())
        advice.remarks.push_back(fmt::format(
            "An update was {} versions stale on average, at most {}: computed from parameters that "
            "others had "
            "changed since. Where the loss suffers, a smaller --lr or fewer workers make it less.",
            base::format_number(result.summary.mean_staleness, {.decimals = 2}),
            result.staleness.rbegin()->first));
    double least = 1;
    double most = 0;
    for (const Worker* worker : workers) {
        least = std::min(least, worker->update_share);
        most = std::max(most, worker->update_share);
    }
    if (workers.size() > 1 && most > much_more * least)
        advice.remarks.push_back(
            fmt::format("Workers took part unevenly: from {} to {} of the updates are one worker's.",
                        base::format_share(least), base::format_share(most)));
    if (result.summary.outcome == result::Outcome::diverged)
        advice.remarks.emplace_back(
            "The loss is not finite any more: training diverged. Lower --lr before all else.");
    if (result.summary.outcome == result::Outcome::interrupted)
        advice.remarks.emplace_back(
            "The run was interrupted before its end: lockstep resume goes on with it.");
}

}  // namespace

Advice advise(const Result& result) {
    const std::vector<const Worker*> workers = workers_of(result);
    Advice advice;
    if (result.summary.outcome == result::Outcome::stalled) {
        advice = {Cause::standstill,
                  stall_sentence("The run", result),
                  "Take away the failure, or let the worker come back (--failure with back).",
                  {}};
        return advice;
    }
    if (result.summary.outcome == result::Outcome::aborted) {
        advice = {
            Cause::nothing_said,
            fmt::format("The run was aborted: {}. What it has left is what one rank knew, which does not "
                        "tell where the others' time went.",
                        result.provenance.abort_cause),
            "With --checkpoint a run goes on from where it was.",
            {}};
        return advice;
    }
    if (result.provenance.oversubscribed || workers.empty()) {
        advice = {Cause::nothing_said,
                  workers.empty() ? "The run has no time to divide."
                                  : "There were more ranks than cores, so that its times mean nothing.",
                  "Fewer workers, more cores, or emulated processors (--emulate-speed).",
                  {}};
        return advice;
    }
    const TimeShares shares = shares_of(workers);
    advice = limit_of(result, workers, shares);
    advice.limit.append(1, ' ').append(spent(shares));
    add_remarks(advice, result, workers);
    return advice;
}

}  // namespace lockstep::study
