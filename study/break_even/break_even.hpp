#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "study/break_even/request.hpp"
#include "study/launch/launcher.hpp"

namespace lockstep::study {

/// Both sides where the key has one value. Infinite: the run stalls, or never reaches the target.
struct BreakEvenPoint {
    double value = 0;  ///< in base units
    std::string text;  ///< as a user would write it
    double subject_s = 0;
    double against_s = 0;

    /// Below 0 where the subject is faster, above 0 where the other is.
    int order() const;
};

struct BreakEven {
    BreakEvenPoint low;
    BreakEvenPoint high;
    /// Unset where the order at both ends is the same. Of whole numbers the first that has the order of the
    /// high end; the one before it has the other.
    std::optional<BreakEvenPoint> found;
    std::size_t runs = 0;
};

/// Bisects between the two ends, on a logarithmic scale unless one is 0, with the runs of a step at the same
/// time. Where the order changes more than once it finds one of the changes.
/// Errors: InputError where a run refuses its input, or both sides are infinite at the same value;
/// EnvironmentError where a run fails; Interrupted.
BreakEven find_break_even(const BreakEvenRequest& request, const Launcher& launcher);

/// For people: one sentence, and a table of both sides there and at the ends.
std::string to_text(const BreakEvenRequest& request, const BreakEven& found);
/// docs/formats/break_even.md.
std::string to_csv(const BreakEvenRequest& request, const BreakEven& found);
std::string to_json(const BreakEvenRequest& request, const BreakEven& found);

}  // namespace lockstep::study
