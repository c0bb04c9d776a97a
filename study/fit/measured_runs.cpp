#include "study/fit/measured_runs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/units.hpp"
#include "option/values.hpp"
#include "study/csv_table.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr std::size_t most_measured_runs = 10'000;
constexpr std::size_t most_measured_workers = 4096;
constexpr std::size_t most_parameters = 536'870'911;  // of a phantom, which simulates them
constexpr double most_seconds = 1e9;

/// The cells of one row by the names of their columns.
class MeasuredRow {
  public:
    using Cells = std::vector<std::string>;

    MeasuredRow(const std::string& file, std::size_t number, const Cells& header, const Cells& cells)
        : file_(file), number_(number), header_(header), cells_(cells) {}

    std::string subject(std::string_view column) const {
        return fmt::format("{}: row {}: {}", file_, number_, column);
    }

    /// Empty where there is no such column.
    std::string text(std::string_view column) const {
        const auto found = std::ranges::find(header_, column);
        return found == header_.end() ? std::string()
                                      : cells_[static_cast<std::size_t>(found - header_.begin())];
    }

    std::size_t whole(std::string_view column, option::WholeRange range) const {
        return option::parse_whole(subject(column), text(column), range, option::describe(range));
    }

    /// In seconds, where there is one; `unit_s` is the column's unit.
    std::optional<double> time_s(std::string_view column, double unit_s) const {
        const std::string given = text(column);
        if (given.empty()) return std::nullopt;
        return unit_s * option::parse_positive_real(subject(column), given, most_seconds,
                                                    "a time above 0 in the unit that the column names");
    }

  private:
    const std::string& file_;
    std::size_t number_;
    const Cells& header_;
    const Cells& cells_;
};

FittedMethod method_in(const MeasuredRow& row) {
    const std::string given = row.text("algorithm");
    const auto method = find_fitted_method(given);
    if (!method || !method->sums_all_parameters())
        throw InputError(row.subject("algorithm"), given, names_of_fitted_methods(),
                         "a fit knows what these send in a synchronisation: all parameters, summed once");
    if (method->overlaps)
        throw InputError(row.subject("algorithm"), given, names_of_fitted_methods(),
                         "what a run overlaps is in none of its times; leave such rows out, or measure them "
                         "without overlap and call them allreduce");
    return *method;
}

/// What --predict can name.
std::string links_in(const MeasuredRow& row) {
    std::string name = row.text("bandwidth");
    if (name.empty() || name.find_first_of(",@\"\n") != std::string::npos)
        throw InputError(row.subject("bandwidth"), name,
                         "the class of the run's links, such as 1Gbps: a name without comma, quote and @");
    return name;
}

std::optional<double> bandwidth_in(const std::string& text) {
    try {
        return base::parse_bandwidth_Bps("bandwidth", text);
    } catch (const InputError&) {
        return std::nullopt;  // a class may have any name
    }
}

double syncs_in(const MeasuredRow& row, const MeasuredRun& run) {
    if (row.text("syncs_timed").empty()) return std::floor(run.steps / static_cast<double>(run.period));
    return static_cast<double>(row.whole("syncs_timed", {0, std::numeric_limits<std::uint32_t>::max()}));
}

MeasuredRun run_in(const MeasuredRow& row) {
    MeasuredRun run;
    run.method = method_in(row);
    if (run.method.has_period()) run.period = row.whole("period", option::from_one);
    run.links = links_in(row);
    run.nominal_Bps = bandwidth_in(run.links);
    run.workers = row.whole("workers", {2, most_measured_workers});
    run.steps = static_cast<double>(row.whole("steps_timed", option::from_one));
    run.syncs = syncs_in(row, run);
    constexpr double millisecond = 1e-3;
    run.step_s = row.time_s("compute_ms_median", millisecond);
    if (const auto optimiser_s = row.time_s("optimiser_ms_median", millisecond); optimiser_s && run.step_s)
        *run.step_s += *optimiser_s;
    if (run.syncs > 0) run.sync_s = row.time_s("sync_ms_median", millisecond);
    run.wall_s = row.time_s("wall_s_of_timed_steps", 1);
    if (!run.wall_s && !(run.step_s && run.sync_s))
        throw InputError(row.subject("wall_s_of_timed_steps"), "",
                         "a time in seconds, or compute_ms_median and sync_ms_median",
                         "nothing is known of this run's time");
    return run;
}

void require_columns(const std::vector<std::string>& header, const std::string& file) {
    constexpr std::array needed{"algorithm", "bandwidth", "steps_timed", "workers", "parameters"};
    for (const char* column : needed)
        if (std::ranges::find(header, column) == header.end())
            throw InputError(fmt::format(
                "{}: it has no column {}; a table of runs has algorithm, period, bandwidth, steps_timed, "
                "workers, parameters and times (docs/formats/fit.md)",
                file, column));
}

/// Without what spreadsheets write beside it: a byte order mark, carriage returns.
std::string plain_lines(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::string lines(text);
    std::erase(lines, '\r');
    return lines;
}

}  // namespace

MeasuredRuns parse_measured_runs(std::string_view text, const std::string& file) {
    const auto table = parse_csv(plain_lines(text), file);
    MeasuredRuns measured{file, 0, {}};
    require_columns(table.empty() ? std::vector<std::string>() : table.front(), file);
    if (table.size() == 1) throw InputError(fmt::format("{}: it has no run below its header", file));
    if (table.size() - 1 > most_measured_runs)
        throw InputError(file, fmt::format("{} runs", table.size() - 1),
                         fmt::format("at most {}", most_measured_runs), "fit a part of them");
    for (std::size_t i = 1; i < table.size(); ++i) {
        const MeasuredRow row(file, i + 1, table.front(), table[i]);
        const std::size_t parameters = row.whole("parameters", {1, most_parameters});
        if (i == 1) measured.parameters = parameters;
        if (parameters != measured.parameters)
            throw InputError(row.subject("parameters"), row.text("parameters"),
                             fmt::format("{}, as in the first run", measured.parameters),
                             "a step's time is that of one model; fit each model from a file of its own");
        measured.runs.push_back(run_in(row));
    }
    return measured;
}

MeasuredRuns read_measured_runs(const std::string& file) {
    return parse_measured_runs(base::read_file(file, base::most_of_settings), file);
}

}  // namespace lockstep::study
