#pragma once

#include <string_view>

namespace lockstep::study {

/// From the mildest to the gravest. shown: there to explain, not judged. inconclusive: what was measured
/// scatters too far for either of the next two.
enum class Verdict { shown, pass, inconclusive, fail };
/// In tables, where `FAIL` and `INCONCLUSIVE` are not to be overlooked.
std::string_view name(Verdict verdict);
/// In files: `fail`.
std::string_view word(Verdict verdict);

/// On a simulated figure that is off by `error` from the median of measured ones. Where `noise`, to which
/// that median is known, is at most the tolerance, the error alone decides; beyond it nothing passes, and
/// only what noise cannot explain fails. All three from 0 in one unit; an error of NaN fails, a noise of NaN
/// is that of a single run, of which nothing is known.
Verdict judged(double error, double tolerance, double noise);

}  // namespace lockstep::study
