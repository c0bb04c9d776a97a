#include "study/report/validation_file.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view known_format = "lockstep-validation-1";

double number(const Json& object, const char* field) {
    const Json& value = object.at(field);
    if (!value.is_number() && !value.is_null())
        throw std::invalid_argument(
            fmt::format("{}: given {}; allowed: a number or null", field, base::described(value)));
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::size_t whole_number(const Json& object, const char* field) {
    const Json& value = object.at(field);
    if (!value.is_number_unsigned())
        throw std::invalid_argument(
            fmt::format("{}: given {}; allowed: a whole number from 0", field, base::described(value)));
    return value.get<std::size_t>();
}

FiveNumbers spread_of(const Json& object) {
    return {whole_number(object, "count"),    number(object, "median"), number(object, "lower_quartile"),
            number(object, "upper_quartile"), number(object, "least"),  number(object, "most")};
}

ValidatedFigure figure_of(const Json& object) {
    return {object.at("name").get<std::string>(),   object.at("unit").get<std::string>(),
            spread_of(object.at("measured")),       spread_of(object.at("simulated")),
            number(object, "error_percent"),        number(object, "bias_percent"),
            number(object, "of_elapsed_percent"),   number(object, "tolerance_percent"),
            number(object, "tolerance_difference"), object.at("verdict").get<std::string>()};
}

std::vector<ValidatedFigure> figures_of(const Json& array) {
    std::vector<ValidatedFigure> figures;
    for (const Json& object : array) figures.push_back(figure_of(object));
    return figures;
}

Verdict verdict_in(const Json& object) {
    const Json& given = object.at("verdict");
    const std::optional<Verdict> verdict = verdict_of(given.get<std::string>());
    if (!verdict)
        throw std::invalid_argument(fmt::format("verdict: given {}; allowed: shown, pass, inconclusive, fail",
                                                base::described(given)));
    return *verdict;
}

/// What is said of the change in the whole file.
ChangeVerdict change_verdict_of(const Json& file) {
    const Json& against = file.at("against");
    const Json& simulated = against.at("simulated");
    const Interval of_simulated{number(simulated, "interval_low"), number(simulated, "interval_high")};
    return {verdict_in(against),
            verdict_in(file.at("parameters")),
            verdict_in(against.at("parameters")),
            against.at("is_none").get<bool>(),
            of_simulated.holds(0),
            number(against, "error_percent"),
            number(against, "tolerance_percent"),
            file.at("reference").get<std::string>() == "simulated"};
}

ValidatedChange change_of(const Json& file) {
    const Json& object = file.at("against");
    ValidatedChange change;
    for (const Json& key : object.at("changes"))
        change.changes += fmt::format("{}{}={}", change.changes.empty() ? "" : "; ",
                                      key.at("key").get<std::string>(), key.at("changed").get<std::string>());
    const Json& measured = object.at("measured");
    change.measured_s = number(measured, "median");
    change.measured_low_s = number(measured, "interval_low");
    change.measured_high_s = number(measured, "interval_high");
    change.simulated_s = number(object.at("simulated"), "median");
    change.verdict = change_verdict_of(file);
    return change;
}

ValidationFile parse(const Json& json) {
    const Json& format = json.at("format");
    if (format != std::string(known_format))
        throw std::invalid_argument(
            fmt::format("format: given {}; allowed: {}", base::described(format), known_format));
    ValidationFile file;
    file.verdict = json.at("verdict").get<std::string>();
    file.reference_is_simulated = json.at("reference").get<std::string>() == "simulated";
    if (json.contains("against")) file.against = change_of(json);
    file.parameters = json.at("parameters").at("verdict").get<std::string>();
    file.figures = figures_of(json.at("figures"));
    file.phases = figures_of(json.at("phases"));
    file.epochs = figures_of(json.at("epochs"));
    for (const Json& rank : json.at("ranks"))
        file.ranks.push_back(
            {whole_number(rank, "rank"), rank.at("is_server").get<bool>(), figures_of(rank.at("figures"))});
    file.warnings = json.at("calibration_warnings").get<std::vector<std::string>>();
    file.largest_phase = json.at("largest_difference").at("phase").get<std::string>();
    file.largest_difference_s = number(json.at("largest_difference"), "difference_s");
    return file;
}

}  // namespace

ValidationFile read_validation_file(const std::filesystem::path& folder) {
    const std::string path = (folder / "validation.json").string();
    const std::string text = base::read_file(path, base::most_of_json);
    try {
        ValidationFile file = parse(base::parse_json(text));
        file.name = folder_name(folder);
        return file;
    } catch (const Json::exception& problem) {
        throw base::InputError(fmt::format("{}: not a validation of lockstep: {}", path, problem.what()));
    } catch (const std::invalid_argument& problem) {
        throw base::InputError(fmt::format("{}: not a validation of lockstep: {}", path, problem.what()));
    }
}

}  // namespace lockstep::study
