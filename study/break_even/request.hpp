#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/parse.hpp"
#include "study/method_request.hpp"

namespace lockstep::study {

/// What of two runs is to be equal.
enum class Measure { time, time_to_target, time_per_sample };
std::string_view name(Measure measure);

/// At which value of one key does a run take as long as another, or as a fixed time?
struct BreakEvenRequest {
    scenario::Config scenario;
    const scenario::Option* option = nullptr;  ///< the key that varies; its kind has a number
    double low = 0;
    double high = 0;
    std::string low_text;  ///< as given
    std::string high_text;
    MethodRequest subject{};
    std::optional<MethodRequest> against;  ///< unset: a fixed time
    bool against_follows = false;          ///< has as many workers as the subject, whatever they are
    double against_s = 0;                  ///< where it is fixed
    std::string subject_label;
    std::string against_label;
    Measure measure = Measure::time;
    double tolerance = 0;  ///< width of the interval at the end, relative to its upper end

    /// The two configurations where the key has that value; the second only where it is a run.
    scenario::Config subject_at(double value) const;
    std::optional<scenario::Config> against_at(double value) const;
    /// Whether the key has an effect on the run compared with.
    bool against_varies() const;
    /// The value in the unit in which the user wrote the ends (scenario::unit_of_range).
    std::string text_of(double value) const;
    /// The value of the text that has as many digits as the tolerance is worth, in that unit; inside the
    /// range.
    double rounded(double value) const;

  private:
    int digits() const;
    std::string text_of(double value, int digits) const;
    scenario::Config with(double value) const;
    /// What the scenario's per-worker keys are about.
    std::size_t most_workers() const;
};

/// The request of an invocation with the extra options vary, between, against, measure and tolerance, with
/// both runs checked at both ends. Errors: InputError.
BreakEvenRequest parse_break_even(const scenario::Invocation& invocation);

}  // namespace lockstep::study
