#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "study/csv_lines.hpp"
#include "study/fit/output.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

Json number_if_known(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json bounded_object(const Bounded& figure) {
    return {{"value", figure.value},
            {"low", number_if_known(figure.low)},
            {"high", number_if_known(figure.high)}};
}

Json links_object(const FittedLinks& links) {
    return {{"name", links.name},
            {"nominal_Bps", links.nominal_Bps ? Json(*links.nominal_Bps) : Json()},
            {"runs", links.runs},
            {"sync_s", bounded_object(links.sync_s)},
            {"bandwidth_Bps", bounded_object(links.bandwidth_Bps)},
            {"residual", number_if_known(links.residual)}};
}

Json prediction_object(const Prediction& prediction) {
    const PredictionRequest& request = prediction.request;
    return {{"method", request.method.name()},
            {"period", request.period ? Json(*request.period) : Json()},
            {"links", request.links.name},
            {"measured_links", request.links.is_measured},
            {"extrapolated", request.links.is_extrapolated},
            {"bandwidth_Bps", request.links.expected.bandwidth_Bps},
            {"simulated_steps", prediction.steps},
            {"step_s", bounded_object(prediction.step_s)},
            {"wall_s", bounded_object(prediction.wall_s)},
            {"closed_form_s", prediction.closed_form_s ? Json(*prediction.closed_form_s) : Json()}};
}

}  // namespace

std::string to_csv(const ClusterFit& fit, const FitRequest& request,
                   std::span<const Prediction> predictions) {
    std::vector<CsvCells> rows;
    for (const Prediction& prediction : predictions) {
        const PredictionRequest& run = prediction.request;
        const Bounded& step = prediction.step_s;
        const double closed_form_s =
            prediction.closed_form_s.value_or(std::numeric_limits<double>::quiet_NaN());
        rows.push_back({{"method", run.method.name()},
                        {"period", run.period ? fmt::format("{}", *run.period) : std::string()},
                        {"links", run.links.name},
                        {"measured_links", run.links.is_measured ? "yes" : "no"},
                        {"extrapolated", run.links.is_extrapolated ? "yes" : "no"},
                        {"workers", fmt::format("{}", request.workers)},
                        {"parameters", fmt::format("{}", fit.parameters)},
                        {"steps", fmt::format("{}", request.steps)},
                        {"step_s", csv_number(step.value)},
                        {"step_low_s", csv_number(step.low)},
                        {"step_high_s", csv_number(step.high)},
                        {"closed_form_s", csv_number(closed_form_s)},
                        {"wall_s", csv_number(prediction.wall_s.value)},
                        {"wall_low_s", csv_number(prediction.wall_s.low)},
                        {"wall_high_s", csv_number(prediction.wall_s.high)}});
    }
    return csv_lines(rows);
}

std::string to_json(const ClusterFit& fit, const FitRequest& request,
                    std::span<const Prediction> predictions) {
    Json links = Json::array();
    for (const FittedLinks& one : fit.links) links.push_back(links_object(one));
    Json predicted = Json::array();
    for (const Prediction& prediction : predictions) predicted.push_back(prediction_object(prediction));
    const Json json{{"format", "lockstep-fit-1"},
                    {"file", request.file},
                    {"runs", fit.runs},
                    {"repeats", fit.has_repeats},
                    {"collective", fit.collective.name()},
                    {"workers", fit.workers},
                    {"parameters", fit.parameters},
                    {"sync_messages", fit.path.messages},
                    {"sync_bytes", fit.path.bytes},
                    {"scatter", number_if_known(fit.scatter)},
                    {"degrees_of_freedom", fit.degrees},
                    {"step_s", bounded_object(fit.step_s)},
                    {"message_overhead_s", bounded_object(fit.overhead_s)},
                    {"overhead_is_told_apart", fit.overhead_is_told_apart},
                    {"links", links},
                    {"warnings", warnings_of(fit)},
                    {"steps", request.steps},
                    {"predictions", predicted}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
