#include "study/validate/against/intervention.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lockstep::study {
namespace {

std::vector<double> times_of_runs(std::span<const Run> runs) {
    std::vector<double> times_s;
    for (const Run& run : runs) times_s.push_back(run.result->summary.elapsed_s);
    return times_s;
}

}  // namespace

TimeDifference time_difference(std::span<const double> given_s, std::span<const double> changed_s) {
    std::vector<double> differences_s;
    for (std::size_t i = 0; i < std::max(given_s.size(), changed_s.size()); ++i)
        differences_s.push_back(changed_s[i % changed_s.size()] - given_s[i % given_s.size()]);
    return {five_numbers(differences_s), median_interval(differences_s)};
}

bool is_none(const TimeDifference& measured, const TimeDifference& simulated,
             const DifferenceCriteria& criteria) {
    const bool are_narrow =
        std::max(measured.interval.half_width(), simulated.interval.half_width()) <= criteria.none_s;
    return are_narrow && measured.may_be_none() &&
           (simulated.may_be_none() || measured.interval.holds(simulated.values.median));
}

Verdict judged(const TimeDifference& measured, const TimeDifference& simulated,
               const DifferenceCriteria& criteria) {
    if (is_none(measured, simulated, criteria)) return Verdict::pass;
    const double median_s = measured.values.median;
    return judged(
        {std::abs(simulated.values.median - median_s), measured.interval.distance(simulated.interval),
         measured.interval.half_width() + simulated.interval.half_width()},
        criteria.error_percent / 100 * std::abs(median_s));
}

Verdict Intervention::verdict() const {
    return change_verdict().on_the_whole();
}

ChangeVerdict Intervention::change_verdict() const {
    return {
        of_difference, given.digests.verdict,  changed.digests.verdict,     has_none, simulated.may_be_none(),
        error_percent, criteria.error_percent, given.reference_is_simulated};
}

Intervention intervene(Validation given, Validation changed, std::vector<ChangedKey> keys,
                       double difference_percent) {
    Intervention found;
    found.keys = std::move(keys);
    found.measured = time_difference(times_of_runs(given.measured), times_of_runs(changed.measured));
    found.simulated = time_difference(times_of_runs(given.simulated), times_of_runs(changed.simulated));
    const double given_s = given.figures.front().measured.median;
    found.criteria = {difference_percent, given.criteria.time_percent / 100 * given_s};
    const double median_s = found.measured.values.median;
    found.error_percent = error_percent(found.simulated.values.median, median_s);
    const double noise_s = found.measured.interval.half_width() + found.simulated.interval.half_width();
    if (found.measured.values.count > 1 || found.simulated.values.count > 1)
        found.noise_percent = noise_s == 0 ? 0 : 100 * noise_s / std::abs(median_s);
    found.has_none = is_none(found.measured, found.simulated, found.criteria);
    found.of_difference = judged(found.measured, found.simulated, found.criteria);
    found.given = std::move(given);
    found.changed = std::move(changed);
    return found;
}

}  // namespace lockstep::study
