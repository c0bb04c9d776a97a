#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "study/validate/against/changes.hpp"
#include "study/validate/against/verdict_text.hpp"
#include "study/validate/statistics.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {

/// What a change adds to the time of a run, in pairs of runs without and with it. In seconds.
struct TimeDifference {
    FiveNumbers values;  ///< changed minus given, one of each pair
    Interval interval;   ///< of their median

    bool may_be_none() const { return interval.holds(0); }
};

/// Of pairs in that order. Where one side has fewer runs, which are then all alike, they are taken again.
TimeDifference time_difference(std::span<const double> given_s, std::span<const double> changed_s);

/// By what a difference is judged.
struct DifferenceCriteria {
    double error_percent = 10;  ///< tolerated, of the measured difference
    double none_s = 0;          ///< an interval around no difference that is not wider to either side is none
};

/// Whether there is no difference to be off by: both intervals are narrow, that of the measured one holds 0,
/// and so does that of the simulated one, or its median lies within the measured interval.
bool is_none(const TimeDifference& measured, const TimeDifference& simulated,
             const DifferenceCriteria& criteria);

/// pass where is_none(); else by judged(), where the noise is half of both intervals together.
Verdict judged(const TimeDifference& measured, const TimeDifference& simulated,
               const DifferenceCriteria& criteria);

/// A change that was carried out in both worlds.
struct Intervention {
    std::vector<ChangedKey> keys;
    Validation given;
    Validation changed;
    TimeDifference measured;
    TimeDifference simulated;
    DifferenceCriteria criteria;
    double error_percent = 0;  ///< of the simulated difference
    std::optional<double>
        noise_percent;      ///< half of both intervals, of the measured one; unset: of one pair each
    bool has_none = false;  ///< is_none()
    Verdict of_difference = Verdict::shown;

    ChangeVerdict change_verdict() const;
    Verdict verdict() const;  ///< on the whole
};

/// Of as many measured runs on both sides, in pairs. A difference counts as none where it is known to within
/// the time tolerance of the given side.
Intervention intervene(Validation given, Validation changed, std::vector<ChangedKey> keys,
                       double difference_percent);

/// For people: both sides and the difference, in one table, and the verdict.
std::string to_text(const Intervention& found);
/// docs/formats/validation.md: the given side's rows, those of the changed one, and the difference.
std::string to_csv(const Intervention& intervention);
/// docs/formats/validation.md: the given side's document, with an object on the other side and the
/// difference.
std::string to_json(const Intervention& intervention);

}  // namespace lockstep::study
