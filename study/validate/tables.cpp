#include "study/validate/tables.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;
using Align = TextTable::Align;

constexpr std::size_t most_rows = 16;
constexpr std::size_t shown_digits = 8;

std::string shown(Unit unit, double value) {
    if (!std::isfinite(value)) return "-";
    switch (unit) {
        case Unit::seconds:
            return base::format_time(value);
        case Unit::per_second:
            return fmt::format("{:.0f}/s", value);
        case Unit::versions:
            return fmt::format("{:.2f}", value);
        case Unit::loss:
        case Unit::share:
            return fmt::format("{:.4f}", value);
    }
    return {};
}

std::string spread_of(const Figure& figure) {
    if (figure.measured.count < 2) return "-";
    return fmt::format("{} .. {}", shown(figure.unit, figure.measured.least),
                       shown(figure.unit, figure.measured.most));
}

std::string tolerance_of(const Figure& figure) {
    if (figure.tolerance_percent) return fmt::format("{:g} %", *figure.tolerance_percent);
    if (figure.tolerance_difference) return shown(figure.unit, *figure.tolerance_difference);
    return "-";
}

std::string digest_text(const std::vector<std::string>& digests) {
    if (digests.size() > 1) return fmt::format("{} different", digests.size());
    return digests.front().substr(0, shown_digits);
}

}  // namespace

std::string signed_percent(double value) {
    return std::isnan(value) ? "-" : fmt::format("{:+.1f} %", value);
}

std::string measured_title(const Validation& validation) {
    return validation.reference_is_simulated ? "Reference" : "Measured";
}

std::string figures_table(const Validation& validation) {
    TextTable table({{"Figure", Align::left},
                     {measured_title(validation)},
                     {"Spread"},
                     {"Simulated"},
                     {"Error"},
                     {"Bias"},
                     {"Tolerance"},
                     {"Verdict", Align::left}});
    for (const Figure& figure : validation.figures)
        table.add_row({figure.name, shown(figure.unit, figure.measured.median), spread_of(figure),
                       shown(figure.unit, figure.simulated.median), signed_percent(figure.error_percent),
                       signed_percent(figure.bias_percent), tolerance_of(figure),
                       std::string(name(figure.verdict))});
    const Digests& digests = validation.digests;
    table.add_row({"parameters", digest_text(digests.measured), "-", digest_text(digests.simulated),
                   digests.equal ? "equal" : "different", "-",
                   digests.verdict == Verdict::shown ? "-" : "equal", std::string(name(digests.verdict))});
    return table.render();
}

std::string times_table(const std::string& heading, const std::vector<Figure>& figures,
                        const Validation& validation) {
    if (figures.empty()) return {};
    TextTable table({{heading, Align::left},
                     {measured_title(validation)},
                     {"Spread"},
                     {"Simulated"},
                     {"Error"},
                     {"Of elapsed"}});
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (figures.size() > most_rows && i == most_rows / 2) {
            table.add_row({"..."});
            i = figures.size() - most_rows / 2;
        }
        const Figure& figure = figures[i];
        table.add_row({figure.name, shown(figure.unit, figure.measured.median), spread_of(figure),
                       shown(figure.unit, figure.simulated.median), signed_percent(figure.error_percent),
                       signed_percent(*figure.of_elapsed_percent)});
    }
    return '\n' + table.render();
}

std::string staleness_table(const Validation& validation) {
    const StalenessShares& staleness = validation.staleness;
    std::map<std::uint64_t, std::pair<double, double>> rows;
    for (const auto& [versions, share] : staleness.measured) rows[versions].first = share;
    for (const auto& [versions, share] : staleness.simulated) rows[versions].second = share;
    if (rows.empty() || rows.rbegin()->first == 0) return {};
    TextTable table({{"Staleness"}, {measured_title(validation)}, {"Simulated"}});
    for (const auto& [versions, shares] : rows) {
        if (table.rows() == most_rows) {
            table.add_row({"..."});
            break;
        }
        table.add_row({fmt::format("{}", versions), fmt::format("{:.1f} %", 100 * shares.first),
                       fmt::format("{:.1f} %", 100 * shares.second)});
    }
    return '\n' + table.render();
}

std::string ranks_table(const Validation& validation) {
    const std::vector<RankFigures>& ranks = validation.ranks;
    std::vector<TextTable::Column> columns{{"Rank"}, {"Role", Align::left}};
    for (const Figure& figure : ranks.front().figures) columns.push_back({figure.name});
    TextTable table(columns);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (ranks.size() > most_rows && i == most_rows / 2) {
            table.add_row({"...", "..."});
            i = ranks.size() - most_rows / 2;
        }
        std::vector<std::string> cells{fmt::format("{}", ranks[i].rank),
                                       ranks[i].is_server ? "server" : "worker"};
        for (const Figure& figure : ranks[i].figures)
            cells.push_back(fmt::format("{} / {}", shown(figure.unit, figure.measured.median),
                                        shown(figure.unit, figure.simulated.median)));
        table.add_row(std::move(cells));
    }
    return fmt::format("\n{} / simulated\n{}", measured_title(validation), table.render());
}

}  // namespace lockstep::study
