#pragma once

#include <optional>
#include <string_view>

namespace lockstep::study {

/// From the mildest to the gravest. shown: there to explain, not judged. inconclusive: what is compared is
/// known too badly to pass, and may be right.
enum class Verdict { shown, pass, inconclusive, fail };
/// In tables, where `FAIL` and `INCONCLUSIVE` are not to be overlooked.
std::string_view name(Verdict verdict);
/// In files: `fail`.
std::string_view word(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view word);

/// How far a simulated figure is from the measured one, all from 0 in one unit.
struct Distance {
    double of_medians = 0;    ///< NaN fails
    double of_intervals = 0;  ///< in which they are known to lie: what noise leaves of it
    double noise = 0;         ///< half the width of these; NaN: unknown, of a single run
};

/// Where the noise is at most the tolerance the medians alone decide; beyond it nothing passes, and what
/// neither of the two distances has within the tolerance fails.
Verdict judged(const Distance& distance, double tolerance);

}  // namespace lockstep::study
