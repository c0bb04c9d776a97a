#include "study/sweep/progress.hpp"

#include <fmt/format.h>

namespace lockstep::study {

base::WorkDone work_done(const SweepProgress& progress, double elapsed_s) {
    const std::size_t made = progress.done - progress.found - progress.refused;
    return {static_cast<double>(made), static_cast<double>(progress.runs - progress.done), elapsed_s};
}

std::vector<std::string> describe(const SweepProgress& progress, double elapsed_s) {
    const base::WorkDone work = work_done(progress, elapsed_s);
    return {fmt::format("{} of {} runs", progress.done, progress.runs),
            progress.failed > 0 ? fmt::format("{} failed", progress.failed) : std::string(),
            base::format_rate(work, "runs"), base::format_time_left(work)};
}

}  // namespace lockstep::study
