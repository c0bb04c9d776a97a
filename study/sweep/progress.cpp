#include "study/sweep/progress.hpp"

#include <cmath>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

std::string duration(double seconds) {
    if (seconds < 100) return fmt::format("{:.0f} s", std::ceil(seconds));
    if (seconds < 100 * 60) return fmt::format("{:.0f} min", std::ceil(seconds / 60));
    return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

std::string describe(const SweepProgress& progress, double elapsed_s) {
    std::string text = fmt::format("{} of {} runs", progress.done, progress.runs);
    if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
    const std::size_t made = progress.done - progress.found - progress.refused;
    const std::size_t left = progress.runs - progress.done;
    if (made > 0 && left > 0)
        text += fmt::format(", {} left",
                            duration(elapsed_s / static_cast<double>(made) * static_cast<double>(left)));
    return text;
}

}  // namespace lockstep::study
