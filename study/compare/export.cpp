#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "result/cell.hpp"
#include "result/fields.hpp"
#include "result/json_value.hpp"
#include "study/compare/compare.hpp"
#include "study/csv_lines.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

std::string optional_number(const std::optional<double>& value) {
    return value ? csv_number(*value) : std::string();
}

Json to_value(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

const Gain* find_gain(const MethodFindings& method, Resource resource) {
    if (!method.limit) return nullptr;
    for (const Gain& gain : method.limit->gains)
        if (gain.resource == resource) return &gain;
    return nullptr;
}

/// Nothing where it is not known, `none` where it is known that no resource limits by itself.
std::string limit_name(const MethodFindings& method) {
    if (!method.limit) return {};
    return std::string(method.limit->resource ? name(*method.limit->resource) : "none");
}

CsvCells cells_of(const MethodFindings& method, const Run& run) {
    const bool there = run.result.has_value();
    const result::Summary summary = there ? run.result->summary : result::Summary{};
    const auto [least, most] = there ? update_shares(*run.result) : ShareRange{};
    const auto if_there = [&](double value) { return there ? csv_number(value) : std::string(); };
    const double to_target_s = summary.time_to_target_s.value;
    CsvCells cells{{"method", std::string(run.config.method.name())},
                   {"workers", fmt::format("{}", run.config.workers)},
                   {"outcome", std::string(there ? result::name(summary.outcome) : "failed")},
                   {"test_loss", if_there(summary.test_loss)},
                   {"test_accuracy", if_there(summary.test_accuracy)},
                   {"elapsed_s", if_there(summary.elapsed_s)},
                   {"time_to_target_s", to_target_s == result::AtTarget::never ? std::string(result::never)
                                                                               : if_there(to_target_s)},
                   {"time_to_target_low_s", if_there(summary.time_to_target_low_s)},
                   {"time_to_target_high_s", if_there(summary.time_to_target_high_s)},
                   {"accuracy_at_budget", if_there(summary.accuracy_at_budget)},
                   {"samples_per_s", if_there(summary.samples_per_s)},
                   {"speed_up", optional_number(method.speed_up)},
                   {"speed_up_to_target", optional_number(method.speed_up_to_target)},
                   {"compute_share", if_there(summary.compute_share)},
                   {"wait_share", if_there(summary.wait_share)},
                   {"transfer_share", if_there(summary.transfer_share)},
                   {"idle_fraction", if_there(summary.idle_fraction)},
                   {"mean_staleness", if_there(summary.mean_staleness)},
                   {"update_share_min", if_there(least)},
                   {"update_share_max", if_there(most)},
                   {"energy_J", if_there(summary.energy_J)},
                   {"limit", limit_name(method)}};
    constexpr std::array<std::string_view, all_resources.size()> columns{
        "straggler_gain_s", "server_gain_s", "bandwidth_gain_s", "latency_gain_s", "compute_gain_s"};
    for (const Resource resource : all_resources) {
        const Gain* gain = find_gain(method, resource);
        cells.emplace_back(columns[static_cast<std::size_t>(resource)],
                           gain == nullptr ? std::string() : csv_number(gain->saved_s()));
    }
    cells.emplace_back("sentence", result::quoted_cell(method.sentence));
    return cells;
}

Json limit_object(const MethodFindings& method) {
    if (!method.limit) return {};
    Json gains = Json::object();
    for (const Gain& gain : method.limit->gains)
        gains[std::string(name(gain.resource))] = {
            {"before_s", gain.before_s}, {"after_s", gain.after_s}, {"saved_s", gain.saved_s()}};
    return {{"name", limit_name(method)},
            {"time_s", method.limit->time_s},
            {"noise_s", method.limit->noise_s},
            {"gains", std::move(gains)}};
}

}  // namespace

std::string to_csv(const Comparison& comparison) {
    std::vector<CsvCells> rows;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i)
        rows.push_back(cells_of(comparison.methods[i], comparison.runs[i]));
    return csv_lines(rows);
}

std::string to_json(const Comparison& comparison) {
    Json methods = Json::array();
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const MethodFindings& method = comparison.methods[i];
        const Run& run = comparison.runs[i];
        methods.push_back({{"method", run.config.method.name()},
                           {"workers", run.config.workers},
                           {"failure", run.result ? Json() : Json(run.failure)},
                           {"speed_up", to_value(method.speed_up)},
                           {"speed_up_to_target", to_value(method.speed_up_to_target)},
                           {"limit", limit_object(method)},
                           {"sentence", method.sentence.empty() ? Json() : Json(method.sentence)},
                           {"result", run.result ? result::json_value(*run.result) : Json()}});
    }
    const Json json{{"format", "lockstep-compare-1"}, {"methods", std::move(methods)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
