#include "study/report/advice/straggler.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::study {
namespace {

using result::Worker;
using scenario::Method;

constexpr double uneven = 1.25;       ///< a ratio from which on workers are unlike
constexpr double about_last = 0.95;   ///< of the time of the last one
constexpr double much_waiting = 0.3;  ///< of the workers' time

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

Advice advice_on(Method method, const Slowest& slowest, const std::vector<const Worker*>& workers,
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

}  // namespace

std::optional<Advice> straggler_advice(Method method, const std::vector<const Worker*>& workers,
                                       const TimeShares& shares) {
    if (workers.size() < 2) return std::nullopt;
    const Slowest step = slowest_by(workers, compute_of_step);
    const double own = step.worker->compute_s / step.worker->elapsed_s;
    if (step.times_median < uneven || own < 0.5) return std::nullopt;
    const Slowest end = slowest_by(workers, [](const Worker& worker) { return worker.elapsed_s; });
    const bool ends_last =
        step.worker->elapsed_s >= about_last * end.worker->elapsed_s && end.times_median >= uneven;
    const bool others_wait = shares.wait >= std::max(shares.transfer, much_waiting);
    if (!ends_last && !others_wait) return std::nullopt;
    return advice_on(method, step, workers, ends_last);
}

}  // namespace lockstep::study
