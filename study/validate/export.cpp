#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "result/json_value.hpp"
#include "study/csv_lines.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

std::string_view symbol(Unit unit) {
    switch (unit) {
        case Unit::seconds:
            return "s";
        case Unit::per_second:
            return "1/s";
        case Unit::versions:
            return "versions";
        case Unit::loss:
        case Unit::share:
            return "";
    }
    return {};
}

std::string_view lower_name(Verdict verdict) {
    return verdict == Verdict::fail ? "fail" : name(verdict);
}

Json to_value(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json to_value(const std::optional<double>& value) {
    return value ? to_value(*value) : Json();
}

Json to_value(const FiveNumbers& spread) {
    return {{"count", spread.count},
            {"median", to_value(spread.median)},
            {"lower_quartile", to_value(spread.lower_quartile)},
            {"upper_quartile", to_value(spread.upper_quartile)},
            {"least", to_value(spread.least)},
            {"most", to_value(spread.most)}};
}

Json to_value(const Figure& figure) {
    return {{"name", figure.name},
            {"unit", symbol(figure.unit)},
            {"measured", to_value(figure.measured)},
            {"simulated", to_value(figure.simulated)},
            {"error_percent", to_value(figure.error_percent)},
            {"bias_percent", to_value(figure.bias_percent)},
            {"of_elapsed_percent", to_value(figure.of_elapsed_percent)},
            {"tolerance_percent", to_value(figure.tolerance_percent)},
            {"tolerance_difference", to_value(figure.tolerance_difference)},
            {"verdict", lower_name(figure.verdict)}};
}

Json to_value(const std::vector<Figure>& figures) {
    Json array = Json::array();
    for (const Figure& figure : figures) array.push_back(to_value(figure));
    return array;
}

Json to_value(const std::vector<RankFigures>& ranks) {
    Json array = Json::array();
    for (const RankFigures& rank : ranks)
        array.push_back(
            {{"rank", rank.rank}, {"is_server", rank.is_server}, {"figures", to_value(rank.figures)}});
    return array;
}

Json to_value(const std::map<std::uint64_t, double>& shares) {
    Json object = Json::object();
    for (const auto& [staleness, share] : shares) object[std::to_string(staleness)] = share;
    return object;
}

Json to_value(const StalenessShares& staleness) {
    return {{"measured", to_value(staleness.measured)},
            {"simulated", to_value(staleness.simulated)},
            {"distance", to_value(staleness.distance)}};
}

Json to_value(const Digests& digests) {
    return {{"measured", digests.measured},
            {"simulated", digests.simulated},
            {"equal", digests.equal},
            {"why_not_judged", digests.why_not_judged.empty() ? Json() : Json(digests.why_not_judged)},
            {"verdict", lower_name(digests.verdict)}};
}

/// Without its histories, which are in the runs' own folders.
Json to_value(const std::vector<Run>& runs) {
    Json array = Json::array();
    for (const Run& run : runs) {
        Json whole = result::json_value(*run.result);
        array.push_back({{"name", run.name},
                         {"config", std::move(whole["config"])},
                         {"provenance", std::move(whole["provenance"])},
                         {"summary", std::move(whole["summary"])}});
    }
    return array;
}

Json explanation(const Figure& phase) {
    return {{"phase", phase.name},
            {"difference_s", to_value(phase.difference())},
            {"of_elapsed_percent", to_value(phase.of_elapsed_percent)}};
}

CsvCells cells_of(std::string_view group, const std::string& rank, const Figure& figure) {
    const auto if_there = [](const std::optional<double>& value) {
        return value ? csv_number(*value) : std::string();
    };
    return {{"group", std::string(group)},
            {"rank", rank},
            {"figure", figure.name},
            {"unit", std::string(symbol(figure.unit))},
            {"measured", csv_number(figure.measured.median)},
            {"measured_least", csv_number(figure.measured.least)},
            {"measured_most", csv_number(figure.measured.most)},
            {"simulated", csv_number(figure.simulated.median)},
            {"error_percent", csv_number(figure.error_percent)},
            {"bias_percent", csv_number(figure.bias_percent)},
            {"of_elapsed_percent", if_there(figure.of_elapsed_percent)},
            {"tolerance_percent", if_there(figure.tolerance_percent)},
            {"tolerance_difference", if_there(figure.tolerance_difference)},
            {"verdict", std::string(lower_name(figure.verdict))}};
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
                    {"verdict", validation.passed() ? "pass" : "fail"},
                    {"reference", validation.reference_is_simulated ? "simulated" : "real"},
                    {"figures", to_value(validation.figures)},
                    {"parameters", to_value(validation.digests)},
                    {"phases", to_value(validation.phases)},
                    {"epochs", to_value(validation.epochs)},
                    {"ranks", to_value(validation.ranks)},
                    {"staleness", to_value(validation.staleness)},
                    {"calibration_warnings", validation.calibration_warnings},
                    {"largest_difference", explanation(validation.largest_difference())},
                    {"measured_runs", to_value(validation.measured)},
                    {"simulated_runs", to_value(validation.simulated)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
