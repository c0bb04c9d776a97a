#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "study/csv_lines.hpp"
#include "study/validate/against/intervention.hpp"
#include "study/validate/json_values.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

Json explanation(const Figure& phase) {
    return {{"phase", phase.name},
            {"difference_s", json_of(phase.difference())},
            {"of_elapsed_percent", json_of(phase.of_elapsed_percent)}};
}

CsvCells cells_of(std::string_view group, const std::string& rank, const Figure& figure) {
    const auto if_there = [](const std::optional<double>& value) {
        return value ? csv_number(*value) : std::string();
    };
    return {{"group", std::string(group)},
            {"rank", rank},
            {"figure", figure.name},
            {"unit", std::string(symbol_of(figure.unit))},
            {"measured", csv_number(figure.measured.median)},
            {"measured_least", csv_number(figure.measured.least)},
            {"measured_most", csv_number(figure.measured.most)},
            {"measured_interval_low", csv_number(figure.interval.low)},
            {"measured_interval_high", csv_number(figure.interval.high)},
            {"simulated", csv_number(figure.simulated.median)},
            {"simulated_interval_low", csv_number(figure.simulated_interval.low)},
            {"simulated_interval_high", csv_number(figure.simulated_interval.high)},
            {"error_percent", csv_number(figure.error_percent)},
            {"bias_percent", csv_number(figure.bias_percent)},
            {"of_elapsed_percent", if_there(figure.of_elapsed_percent)},
            {"tolerance_percent", if_there(figure.tolerance_percent)},
            {"tolerance_difference", if_there(figure.tolerance_difference)},
            {"noise_percent", if_there(figure.noise_percent)},
            {"verdict", std::string(word(figure.verdict))}};
}

std::vector<CsvCells> rows_of(const Validation& validation) {
    std::vector<CsvCells> rows;
    const auto add = [&](std::string_view group, const std::string& rank,
                         const std::vector<Figure>& figures) {
        for (const Figure& figure : figures) rows.push_back(cells_of(group, rank, figure));
    };
    add("run", "", validation.figures);
    Figure parameters;
    parameters.name = "parameters";
    parameters.unit = Unit::share;
    parameters.error_percent = parameters.bias_percent = std::nan("");
    parameters.verdict = validation.digests.verdict;
    add("run", "", {parameters});
    add("phase", "", validation.phases);
    add("epoch", "", validation.epochs);
    for (const RankFigures& rank : validation.ranks) add("rank", fmt::format("{}", rank.rank), rank.figures);
    return rows;
}

/// As a figure, but without what is of single runs.
Figure figure_of_difference(const Intervention& intervention) {
    Figure figure;
    figure.name = "elapsed";
    figure.measured = intervention.measured.values;
    figure.interval = intervention.measured.interval;
    figure.simulated = intervention.simulated.values;
    figure.simulated_interval = intervention.simulated.interval;
    figure.error_percent = intervention.error_percent;
    figure.bias_percent = std::nan("");
    figure.noise_percent = intervention.noise_percent;
    figure.tolerance_percent = intervention.criteria.error_percent;
    figure.verdict = intervention.of_difference;
    return figure;
}

Json document(const Validation& validation, Verdict verdict) {
    return {{"format", "lockstep-validation-1"},
            {"verdict", word(verdict)},
            {"reference", validation.reference_is_simulated ? "simulated" : "real"},
            {"figures", json_of(validation.figures)},
            {"parameters", json_of(validation.digests)},
            {"phases", json_of(validation.phases)},
            {"epochs", json_of(validation.epochs)},
            {"ranks", json_of(validation.ranks)},
            {"staleness", json_of(validation.staleness)},
            {"calibration_warnings", validation.calibration_warnings},
            {"largest_difference", explanation(validation.largest_difference())},
            {"measured_runs", json_of(validation.measured)},
            {"simulated_runs", json_of(validation.simulated)}};
}

Json object_of(const std::vector<ChangedKey>& keys) {
    Json array = Json::array();
    for (const ChangedKey& key : keys)
        array.push_back({{"key", key.key}, {"given", key.given}, {"changed", key.changed}});
    return array;
}

Json object_of(const TimeDifference& difference) {
    return {{"count", difference.values.count},
            {"median", json_of(difference.values.median)},
            {"interval_low", json_of(difference.interval.low)},
            {"interval_high", json_of(difference.interval.high)},
            {"least", json_of(difference.values.least)},
            {"most", json_of(difference.values.most)}};
}

Json object_of(const Intervention& intervention) {
    const Validation& changed = intervention.changed;
    return {{"changes", object_of(intervention.keys)},
            {"measured", object_of(intervention.measured)},
            {"simulated", object_of(intervention.simulated)},
            {"error_percent", json_of(intervention.error_percent)},
            {"tolerance_percent", intervention.criteria.error_percent},
            {"noise_percent", json_of(intervention.noise_percent)},
            {"none_within_s", json_of(intervention.criteria.none_s)},
            {"is_none", intervention.has_none},
            {"verdict", word(intervention.of_difference)},
            {"figures", json_of(changed.figures)},
            {"parameters", json_of(changed.digests)},
            {"phases", json_of(changed.phases)},
            {"calibration_warnings", changed.calibration_warnings},
            {"measured_runs", json_of(changed.measured)},
            {"simulated_runs", json_of(changed.simulated)}};
}

std::string lines_of(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string to_csv(const Validation& validation) {
    return csv_lines(rows_of(validation));
}

std::string to_csv(const Intervention& intervention) {
    std::vector<CsvCells> rows = rows_of(intervention.given);
    for (const Figure& figure : intervention.changed.figures) rows.push_back(cells_of("against", "", figure));
    rows.push_back(cells_of("difference", "", figure_of_difference(intervention)));
    return csv_lines(rows);
}

std::string to_json(const Validation& validation) {
    return lines_of(document(validation, validation.verdict()));
}

std::string to_json(const Intervention& intervention) {
    Json json = document(intervention.given, intervention.verdict());
    json["against"] = object_of(intervention);
    return lines_of(json);
}

}  // namespace lockstep::study
