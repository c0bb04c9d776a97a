#include "base/progress_line.hpp"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "base/process/program.hpp"
#include "base/terminal.hpp"
#include "base/units.hpp"

namespace lockstep::base {
namespace {

constexpr const char* wipe = "\r\033[K";
constexpr double minute_s = 60;
constexpr double hour_s = 3600;

std::string with_commas(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (!text.empty()) text += ", ";
        text += part;
    }
    return text;
}

void print_progress(std::string text) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
    if (std::getenv(progress_end_variable) != nullptr) text += progress_end;
    print_to_stderr(text);
}

}  // namespace

std::string format_rate(const WorkDone& work, std::string_view nouns) {
    if (work.done <= 0 || work.elapsed_s <= 0) return {};
    const double per_s = work.done / work.elapsed_s;
    if (per_s >= 1) return fmt::format("{} {}/s", format_number(per_s), nouns);
    if (per_s * minute_s >= 1) return fmt::format("{} {}/min", format_number(per_s * minute_s), nouns);
    return fmt::format("{} {}/h", format_number(per_s * hour_s), nouns);
}

std::string format_time_left(const WorkDone& work) {
    if (work.done <= 0 || work.left <= 0) return {};
    return format_time_left(work.elapsed_s / work.done * work.left);
}

std::string format_time_left(double seconds) {
    return format_duration(seconds) + " left";
}

std::string format_duration(double seconds) {
    if (seconds < 100) return fmt::format("{:.0f} s", std::ceil(seconds));
    if (seconds < 100 * minute_s) return fmt::format("{:.0f} min", std::ceil(seconds / minute_s));
    return fmt::format("{:.1f} h", seconds / hour_s);
}

std::string fitted(std::vector<std::string> parts, std::size_t columns) {
    std::erase(parts, std::string());
    std::string text = with_commas(parts);
    while (text.size() > columns && parts.size() > 1) {
        parts.erase(parts.size() > 2 ? parts.end() - 2 : parts.end() - 1);
        text = with_commas(parts);
    }
    return text.substr(0, columns);
}

bool ProgressLine::is_due(double interval_s) const {
    return is_shown() && (!stands_ || now_s_() - shown_s_ >= interval_s);
}

void ProgressLine::show(std::vector<std::string> parts) {
    if (!is_shown()) return;
    // A character in the last column would wrap on some terminals.
    print_progress(wipe + fitted(std::move(parts), terminal_columns(STDERR_FILENO) - 1));
    stands_ = true;
    shown_s_ = now_s_();
}

void ProgressLine::forewarn(const WorkDone& work) {
    constexpr double enough_s = 1;
    if (!is_shown() || is_forewarned_ || work.done <= 0 || work.elapsed_s < enough_s) return;
    is_forewarned_ = true;
    const double whole_s = work.elapsed_s / work.done * (work.done + work.left);
    if (whole_s <= minute_s) return;
    clear();
    print_to_stderr(fmt::format("warning: this will take about {}\n", format_duration(whole_s)));
}

void ProgressLine::clear() {
    if (!std::exchange(stands_, false)) return;
    print_progress(wipe);
}

}  // namespace lockstep::base
