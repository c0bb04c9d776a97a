#include "study/report/advice/advise.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "scenario/applicability.hpp"
#include "study/compare/limit.hpp"
#include "study/report/advice/network.hpp"
#include "study/report/advice/straggler.hpp"
#include "study/report/worker_times.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Worker;

constexpr double mostly = 0.7;  ///< a share from which on one thing explains a run
constexpr double much_more = 1.5;
constexpr double small = 0.25;  ///< of something else
constexpr double queueing = 2;  ///< times the transfer that there would be without the others

std::string spent(const TimeShares& shares) {
    return fmt::format(
        "On average the workers spent {} of their time computing, {} waiting for a partner, {} "
        "in transfer of messages and {} otherwise.",
        percent_of_time(shares.compute), percent_of_time(shares.wait), percent_of_time(shares.transfer),
        percent_of_time(shares.other));
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

Advice computing_advice(const Result& result, const TimeShares& shares) {
    const bool is_alone = scenario::rank_count(result.config) == 1;
    return {Cause::computing,
            "The run was limited by computing.",
            is_alone ? "A faster processor, or more workers: a parallel method divides the steps."
                     : fmt::format(
                           "Faster processors, or more workers. A better network cannot save more than the "
                           "{} that was not computing.",
                           percent_of_time(1 - shares.compute)),
            {}};
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
                        percent_of_time(shares.wait), percent_of_time(shares.transfer)),
            change + "). A faster network would change little.",
            {}};
}

Advice limit_of(const Result& result, const std::vector<const Worker*>& workers, const TimeShares& shares) {
    if (const auto late = straggler_advice(result.config.method, workers, shares)) return *late;
    if (shares.compute >= mostly || result.workers.size() == 1) return computing_advice(result, shares);
    const double waiting = shares.wait + shares.transfer;
    if (const double busy = server_computing(result); busy >= mostly)
        return server_advice(
            fmt::format("The server was computing {} of the time, and the workers waited for it.",
                        percent_of_time(busy)),
            result);
    if (const auto alone = transfer_alone(result);
        alone && shares.transfer >= queueing * *alone && shares.transfer > shares.compute)
        return server_advice(
            fmt::format("Messages met at the server: {} of the workers' time they were in transfer; "
                        "each alone on the network they would have been {}.",
                        percent_of_time(shares.transfer), percent_of_time(*alone)),
            result);
    if (shares.other > std::max(shares.compute, waiting))
        return {Cause::overhead,
                fmt::format("{} of the workers' time was neither computing nor messages: copies, overhead of "
                            "messages, or processors that stood still.",
                            percent_of_time(shares.other)),
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
