#pragma once

#include <optional>
#include <string>
#include <vector>

#include "study/compare/limit.hpp"
#include "study/launch/runs.hpp"
#include "study/method_request.hpp"

namespace lockstep::study {

/// What is known of a method besides its result.
struct MethodFindings {
    MethodRequest request;
    std::optional<Limit> limit;                ///< unset where the run failed or stalled
    std::string sentence;                      ///< what limits it; empty where there is no result
    std::optional<double> speed_up;            ///< serial's time for a sample over this one's
    std::optional<double> speed_up_to_target;  ///< serial's time to the target over this one's
};

/// Several methods on one scenario in the simulated world.
struct Comparison {
    std::vector<Run> runs;
    std::vector<MethodFindings> methods;  ///< as many, in the same order
    std::vector<Run> failed_probes;       ///< timing-only runs without a result
};

/// Reads METHOD[:WORKERS],...; without a number serial has 1 worker and the others `default_workers`.
/// Errors: InputError naming --methods, also for a method given twice.
std::vector<MethodRequest> parse_methods(const std::string& text, std::size_t default_workers);

/// A comparison whose runs are still to be done.
Comparison requested_comparison(const scenario::Config& scenario, const std::vector<MethodRequest>& methods);

/// Does all runs, among them the timing-only ones that show what limits each method, several at a time, and
/// fills in the findings. See do_runs() for progress and errors.
void compare(Comparison& comparison, const Launcher& launcher);

/// Smallest and largest share of the updates that a worker made.
struct ShareRange {
    double least;
    double most;
};
ShareRange update_shares(const result::Result& result);

/// For people: a table, a sentence for each method, and what ran where.
std::string to_text(const Comparison& comparison);
/// docs/formats/compare.md: one row for each method.
std::string to_csv(const Comparison& comparison);
/// docs/formats/compare.md: every method with its whole result.
std::string to_json(const Comparison& comparison);

}  // namespace lockstep::study
