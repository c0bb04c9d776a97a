#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/text_table.hpp"
#include "study/validate/against/intervention.hpp"
#include "study/validate/tables.hpp"

namespace lockstep::study {
namespace {

using base::in_lines;
using result::TextTable;

/// Without the unit, which is that of the column.
std::string without_unit(double time_s, const base::ColumnUnit& times) {
    return base::format_number(time_s / times.size, times.digits);
}

std::string with_sign(double time_s, const base::ColumnUnit& times) {
    return (time_s < 0 ? "" : "+") + without_unit(time_s, times);
}

std::string range_text(const Interval& range, std::size_t count, bool signs, const base::ColumnUnit& times) {
    if (count < 2) return "-";
    if (signs) return fmt::format("{} .. {}", with_sign(range.low, times), with_sign(range.high, times));
    return fmt::format("{} .. {}", without_unit(range.low, times), without_unit(range.high, times));
}

Interval range_of(const FiveNumbers& values) {
    return {values.least, values.most};
}

std::string keys_text(const std::vector<ChangedKey>& keys) {
    std::string text;
    for (const ChangedKey& key : keys)
        text += fmt::format("{}{} = {}{}", text.empty() ? "" : ", ", key.key,
                            key.changed.empty() ? "nothing" : key.changed,
                            fmt::format(" (given: {})", key.given.empty() ? "nothing" : key.given));
    return text;
}

void add_side(TextTable& table, const char* side, const Figure& elapsed, const base::ColumnUnit& times) {
    table.add_row({side, without_unit(elapsed.measured.median, times),
                   range_text(range_of(elapsed.measured), elapsed.measured.count, false, times),
                   without_unit(elapsed.simulated.median, times),
                   range_text(range_of(elapsed.simulated), elapsed.simulated.count, false, times),
                   signed_percent(elapsed.error_percent)});
}

std::string sides_table(const Intervention& found) {
    const Figure& given = found.given.figures.front();
    const Figure& changed = found.changed.figures.front();
    const std::array times_s{given.measured.median, changed.measured.median, found.measured.values.median,
                             found.simulated.values.median};
    const base::ColumnUnit times = base::column_of_times(times_s);
    TextTable table({{fmt::format("Time ({})", times.name), TextTable::Align::left},
                     {measured_title(found.given)},
                     {"Range"},
                     {"Simulated"},
                     {"Range"},
                     {"Error"}});
    add_side(table, "as given", given, times);
    add_side(table, "changed", changed, times);
    table.add_row({"difference", with_sign(found.measured.values.median, times),
                   range_text(found.measured.interval, found.measured.values.count, true, times),
                   with_sign(found.simulated.values.median, times),
                   range_text(found.simulated.interval, found.simulated.values.count, true, times),
                   signed_percent(found.error_percent)});
    return table.render();
}

std::string noise_text(const Intervention& found) {
    if (!found.noise_percent) return "Noise floor: unknown, of a single pair.\n";
    const std::size_t pairs = found.measured.values.count;
    const std::size_t simulated = found.simulated.values.count;
    std::string text = fmt::format(
        "Noise floor: {} of the change, half the interval of {} pair{}{}",
        std::isfinite(*found.noise_percent) ? base::format_share(*found.noise_percent / 100) : "all", pairs,
        pairs == 1 ? "" : "s", level_remark(pairs));
    if (simulated > 1) text += fmt::format(" and of {} simulated ones{}", simulated, level_remark(simulated));
    return in_lines(text + '.');
}

}  // namespace

std::string to_text(const Intervention& found) {
    const scenario::Config& config = found.given.simulated.front().config;
    const std::string title = fmt::format(
        "{}, {} worker{}, as given and with {}: {} pair{} of {} runs, {} of simulated ones; medians",
        config.method.name(), config.workers, config.workers == 1 ? "" : "s", keys_text(found.keys),
        found.measured.values.count, found.measured.values.count == 1 ? "" : "s",
        found.given.reference_is_simulated ? "reference" : "real", found.simulated.values.count);
    const ChangeVerdict verdict = found.change_verdict();
    std::string text = in_lines(title) + '\n' + sides_table(found) + '\n' + noise_text(found) +
                       parameters_sentences(verdict) + sources_text(found.given) + '\n' +
                       in_lines(verdict_sentence(verdict));
    if (found.given.reference_is_simulated)
        text += "The reference is itself simulated: this says nothing about reality.\n";
    return text;
}

}  // namespace lockstep::study
