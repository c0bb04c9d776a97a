#include "study/break_even/break_even.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "study/launch/runs.hpp"

namespace lockstep::study {
namespace {

using result::Outcome;

constexpr int most_steps = 200;

double measured(Measure measure, const result::Result& result) {
    const result::Summary& summary = result.summary;
    if (measure == Measure::time_to_target) return summary.time_to_target_s.value;
    if (summary.outcome == Outcome::stalled) return std::numeric_limits<double>::infinity();
    return measure == Measure::time ? summary.elapsed_s : 1 / summary.samples_per_s;
}

/// Does the runs and counts them.
class Measurement {
  public:
    Measurement(const BreakEvenRequest& request, const Launcher& launcher)
        : request_(request), launcher_(launcher) {
        if (!request.against) against_s_ = request.against_s;
    }

    std::vector<BreakEvenPoint> at(std::span<const double> values) {
        std::vector<Run> runs;
        std::vector<double> answers;
        const bool knows_against = against_s_.has_value();
        const bool needs_one = !knows_against && !request_.against_varies();
        for (const double value : values) {
            add(runs, request_.subject_label, value, request_.subject_at(value));
            if (!knows_against && !(needs_one && runs.size() > 1))
                add(runs, request_.against_label, value, *request_.against_at(value));
        }
        do_runs(runs, launcher_, "run of", [](std::size_t) {});
        runs_ += runs.size();
        for (const Run& run : runs) {
            if (!run.result)
                throw base::EnvironmentError(fmt::format("run of {}: {}", run.name, run.failure));
            answers.push_back(measured(request_.measure, *run.result));
        }
        if (needs_one) {
            against_s_ = answers[1];
            answers.erase(answers.begin() + 1);
        }
        return points(values, answers);
    }

    BreakEvenPoint at(double value) { return at(std::span(&value, 1)).front(); }

    std::size_t runs() const { return runs_; }

  private:
    void add(std::vector<Run>& runs, const std::string& label, double value,
             const scenario::Config& config) const {
        Run& run = runs.emplace_back();
        run.name = fmt::format("{} at --{} {}", label, request_.option->key, request_.text_of(value));
        run.config = config;
    }

    std::vector<BreakEvenPoint> points(std::span<const double> values,
                                       std::span<const double> answers) const {
        std::vector<BreakEvenPoint> all;
        const std::size_t each = against_s_ ? 1 : 2;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double subject_s = answers[i * each];
            const double against_s = against_s_ ? *against_s_ : answers[i * each + 1];
            all.push_back({values[i], request_.text_of(values[i]), subject_s, against_s});
            if (std::isinf(subject_s) && std::isinf(against_s))
                throw base::InputError(fmt::format(
                    "--between: at --{} {} both sides {}, so that they cannot be compared; choose another "
                    "range",
                    request_.option->key, all.back().text,
                    request_.measure == Measure::time_to_target ? "never reach the target" : "stall"));
        }
        return all;
    }

    const BreakEvenRequest& request_;
    const Launcher& launcher_;
    std::optional<double> against_s_;  ///< where it does not depend on the key and is known
    std::size_t runs_ = 0;
};

double middle(double low, double high, bool is_whole) {
    const double between = low > 0 ? std::sqrt(low) * std::sqrt(high) : low + (high - low) / 2;
    return is_whole ? std::clamp(std::floor(between), low + 1, high - 1) : between;
}

bool is_narrow(double low, double high, const BreakEvenRequest& request) {
    return request.option->kind.number->is_whole ? high - low <= 1 : high - low <= request.tolerance * high;
}

BreakEvenPoint bisect(Measurement& measurement, BreakEvenPoint low, BreakEvenPoint high,
                      const BreakEvenRequest& request) {
    const bool is_whole = request.option->kind.number->is_whole;
    for (int step = 0; step < most_steps && !is_narrow(low.value, high.value, request); ++step) {
        BreakEvenPoint point = measurement.at(middle(low.value, high.value, is_whole));
        if (point.order() == 0) return point;
        (point.order() == low.order() ? low : high) = std::move(point);
    }
    return is_whole ? high : measurement.at(request.rounded(middle(low.value, high.value, false)));
}

}  // namespace

int BreakEvenPoint::order() const {
    return subject_s < against_s ? -1 : subject_s > against_s ? 1 : 0;
}

BreakEven find_break_even(const BreakEvenRequest& request, const Launcher& launcher) {
    Measurement measurement(request, launcher);
    const std::vector<BreakEvenPoint> ends = measurement.at(std::array{request.low, request.high});
    BreakEven result{ends[0], ends[1], {}, 0};
    if (result.low.order() == 0)
        result.found = result.low;
    else if (result.high.order() == 0)
        result.found = result.high;
    else if (result.low.order() != result.high.order())
        result.found = bisect(measurement, result.low, result.high, request);
    result.runs = measurement.runs();
    return result;
}

}  // namespace lockstep::study
