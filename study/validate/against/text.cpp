#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"
#include "study/validate/against/intervention.hpp"
#include "study/validate/tables.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;

std::string with_sign(double time_s, const base::ColumnUnit& times) {
    return (time_s < 0 ? "" : "+") + times.format(time_s);
}

std::string range_text(const Interval& range, std::size_t count, bool signs, const base::ColumnUnit& times) {
    if (count < 2) return "-";
    if (signs) return fmt::format("{} .. {}", with_sign(range.low, times), with_sign(range.high, times));
    return fmt::format("{} .. {}", times.format(range.low), times.format(range.high));
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
    table.add_row({side, times.format(elapsed.measured.median),
                   range_text(range_of(elapsed.measured), elapsed.measured.count, false, times),
                   times.format(elapsed.simulated.median),
                   range_text(range_of(elapsed.simulated), elapsed.simulated.count, false, times),
                   signed_percent(elapsed.error_percent), "-", "shown"});
}

std::string sides_table(const Intervention& found) {
    const Figure& given = found.given.figures.front();
    const Figure& changed = found.changed.figures.front();
    const std::array times_s{given.measured.median, changed.measured.median, found.measured.values.median,
                             found.simulated.values.median};
    const base::ColumnUnit times = base::column_of_times(times_s);
    TextTable table({{"Time", TextTable::Align::left},
                     {measured_title(found.given)},
                     {"Range"},
                     {"Simulated"},
                     {"Range"},
                     {"Error"},
                     {"Tolerance"},
                     {"Verdict", TextTable::Align::left}});
    add_side(table, "as given", given, times);
    add_side(table, "changed", changed, times);
    table.add_row({"difference", with_sign(found.measured.values.median, times),
                   range_text(found.measured.interval, found.measured.values.count, true, times),
                   with_sign(found.simulated.values.median, times),
                   range_text(found.simulated.interval, found.simulated.values.count, true, times),
                   signed_percent(found.error_percent), fmt::format("{:g} %", found.criteria.error_percent),
                   std::string(name(found.of_difference))});
    return table.render();
}

std::string noise_text(const Intervention& found) {
    if (!found.noise_percent) return "Noise floor: unknown, of a single pair.\n";
    return fmt::format(
        "Noise floor: {} of the difference, half the interval of {} pairs.\n",
        std::isfinite(*found.noise_percent) ? base::format_share(*found.noise_percent / 100) : "all",
        found.measured.values.count);
}

/// Where both worlds have to end with the same bits, and do not.
std::string parameters_text(const Intervention& found) {
    std::string text;
    if (found.given.digests.verdict == Verdict::fail) text += "Parameters as given differ.\n";
    if (found.changed.digests.verdict == Verdict::fail) text += "Parameters of the changed side differ.\n";
    return text;
}

std::string difference_verdict(const Intervention& found) {
    const std::string error = signed_percent(found.error_percent);
    switch (found.of_difference) {
        case Verdict::pass:
            return found.has_none
                       ? std::string("neither world shows a difference")
                       : fmt::format("the simulated difference is within {:g} % of the {} one",
                                     found.criteria.error_percent,
                                     found.given.reference_is_simulated ? "reference's" : "measured");
        case Verdict::inconclusive:
            return "the difference is known less well than the tolerance asks: make more pairs (--pairs), or "
                   "let the runs take longer";
        case Verdict::fail:
        case Verdict::shown:
            break;
    }
    return fmt::format("the simulated difference is off by {}, which neither tolerance nor noise explains",
                       error);
}

}  // namespace

std::string to_text(const Intervention& found) {
    const scenario::Config& config = found.given.simulated.front().config;
    std::string text = fmt::format(
        "{}, {} worker{}, as given and with {}: {} pair{} of {} runs, {} of simulated ones; medians\n\n",
        config.method.name(), config.workers, config.workers == 1 ? "" : "s", keys_text(found.keys),
        found.measured.values.count, found.measured.values.count == 1 ? "" : "s",
        found.given.reference_is_simulated ? "reference" : "real", found.simulated.values.count);
    text +=
        sides_table(found) + '\n' + noise_text(found) + parameters_text(found) + sources_text(found.given);
    const Verdict verdict = found.verdict();
    text += fmt::format("\n{}: {}.\n", verdict == Verdict::pass ? "PASS" : name(verdict),
                        verdict == found.of_difference ? difference_verdict(found)
                                                       : "the parameters are not the same in both worlds");
    if (found.given.reference_is_simulated)
        text += "The reference is itself simulated: this says nothing about reality.\n";
    return text;
}

}  // namespace lockstep::study
