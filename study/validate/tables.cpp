#include "study/validate/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;
using Align = TextTable::Align;

constexpr std::size_t most_rows = 16;
constexpr std::size_t shown_digits = 8;

std::string shown(Unit unit, double value, const base::ColumnUnit& times) {
    if (!std::isfinite(value)) return "-";
    switch (unit) {
        case Unit::seconds:
            return times.format(value);
        case Unit::per_second:
            return base::format_number(value) + "/s";
        case Unit::versions:
            return base::format_number(value, {.decimals = 2});
        case Unit::loss:
        case Unit::share:
            return base::format_number(value, {.decimals = 4});
    }
    return {};
}

/// One unit for all times of these figures.
base::ColumnUnit times_of(std::span<const Figure> figures) {
    std::vector<double> times_s;
    for (const Figure& figure : figures)
        if (figure.unit == Unit::seconds) {
            times_s.push_back(figure.measured.median);
            times_s.push_back(figure.simulated.median);
        }
    return base::column_of_times(times_s);
}

std::string spread_of(const Figure& figure, const base::ColumnUnit& times) {
    if (figure.measured.count < 2) return "-";
    return fmt::format("{} .. {}", shown(figure.unit, figure.measured.least, times),
                       shown(figure.unit, figure.measured.most, times));
}

std::string tolerance_of(const Figure& figure, const base::ColumnUnit& times) {
    if (figure.tolerance_percent) return fmt::format("{:g} %", *figure.tolerance_percent);
    if (figure.tolerance_difference) return shown(figure.unit, *figure.tolerance_difference, times);
    return "-";
}

std::string digest_text(const std::vector<std::string>& digests) {
    if (digests.size() > 1) return fmt::format("{} different", digests.size());
    return digests.front().substr(0, shown_digits);
}

}  // namespace

std::string signed_percent(double value) {
    return base::format_change(value / 100);
}

std::string level_remark(std::size_t count) {
    constexpr double usual_percent = 90;
    const double level_percent = median_interval_level_percent(count);
    return level_percent < usual_percent ? fmt::format(" (level {:g} %)", level_percent) : "";
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
    const base::ColumnUnit times = times_of(validation.figures);
    for (const Figure& figure : validation.figures)
        table.add_row({figure.name, shown(figure.unit, figure.measured.median, times),
                       spread_of(figure, times), shown(figure.unit, figure.simulated.median, times),
                       signed_percent(figure.error_percent), signed_percent(figure.bias_percent),
                       tolerance_of(figure, times), std::string(name(figure.verdict))});
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
    const base::ColumnUnit times = times_of(figures);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (figures.size() > most_rows && i == most_rows / 2) {
            table.add_row({"..."});
            i = figures.size() - most_rows / 2;
        }
        const Figure& figure = figures[i];
        table.add_row({figure.name, shown(figure.unit, figure.measured.median, times),
                       spread_of(figure, times), shown(figure.unit, figure.simulated.median, times),
                       signed_percent(figure.error_percent), signed_percent(*figure.of_elapsed_percent)});
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
        table.add_row({fmt::format("{}", versions), base::format_share(shares.first),
                       base::format_share(shares.second)});
    }
    return '\n' + table.render();
}

std::string ranks_table(const Validation& validation) {
    const std::vector<RankFigures>& ranks = validation.ranks;
    std::vector<TextTable::Column> columns{{"Rank"}, {"Role", Align::left}};
    for (const Figure& figure : ranks.front().figures) columns.push_back({figure.name});
    TextTable table(columns);
    std::vector<base::ColumnUnit> times;
    for (std::size_t column = 0; column < ranks.front().figures.size(); ++column) {
        std::vector<Figure> figures;
        figures.reserve(ranks.size());
        for (const RankFigures& rank : ranks)  // servers have fewer
            if (column < rank.figures.size()) figures.push_back(rank.figures[column]);
        times.push_back(times_of(figures));
    }
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (ranks.size() > most_rows && i == most_rows / 2) {
            table.add_row({"...", "..."});
            i = ranks.size() - most_rows / 2;
        }
        std::vector<std::string> cells{fmt::format("{}", ranks[i].rank),
                                       ranks[i].is_server ? "server" : "worker"};
        for (std::size_t column = 0; column < std::min(times.size(), ranks[i].figures.size()); ++column) {
            const Figure& figure = ranks[i].figures[column];
            cells.push_back(fmt::format("{} / {}", shown(figure.unit, figure.measured.median, times[column]),
                                        shown(figure.unit, figure.simulated.median, times[column])));
        }
        table.add_row(std::move(cells));
    }
    return fmt::format("\n{} / simulated\n{}", measured_title(validation), table.render());
}

}  // namespace lockstep::study
