#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "study/csv_lines.hpp"
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
            {"simulated", csv_number(figure.simulated.median)},
            {"error_percent", csv_number(figure.error_percent)},
            {"bias_percent", csv_number(figure.bias_percent)},
            {"of_elapsed_percent", if_there(figure.of_elapsed_percent)},
            {"tolerance_percent", if_there(figure.tolerance_percent)},
            {"tolerance_difference", if_there(figure.tolerance_difference)},
            {"noise_percent", if_there(figure.noise_percent)},
            {"verdict", std::string(word(figure.verdict))}};
}

}  // namespace

std::string to_csv(const Validation& validation) {
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
    return csv_lines(rows);
}

std::string to_json(const Validation& validation) {
    const Json json{{"format", "lockstep-validation-1"},
                    {"verdict", word(validation.verdict())},
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
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
