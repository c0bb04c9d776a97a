#include "study/sweep/export.hpp"

#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "result/cell.hpp"
#include "result/fields.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;
using result::cell;

/// One line of a table of comma-separated values.
class Line {
  public:
    void add(std::string_view text) {
        text_ += fmt::format("{}{}", is_empty_ ? "" : ",", result::quoted_cell(text));
        is_empty_ = false;
    }
    std::string ended() const { return text_ + '\n'; }

  private:
    std::string text_;
    bool is_empty_ = true;
};

/// A swept key's column; `failure` is also the name of another one.
std::string column_of(const scenario::Option& option) {
    return fmt::format("{}{}", option.key == "failure" ? "--" : "", option.key);
}

/// Whether sweep.csv has the key's own column anyway.
bool has_fixed_column(std::string_view key) {
    return key == "seed";
}

std::string row_of(const SweepPlan& plan, const SweepRow& row) {
    const SweepRun& run = plan.runs[row.run];
    Line line;
    for (const std::string& text : key_cells(plan, row)) line.add(text);
    result::visit_fields(
        [&](std::string_view name, const auto& member) {
            line.add(run.summary ? cell(member) : name == "outcome" ? "failed" : "");
        },
        run.summary ? *run.summary : result::Summary{});
    line.add(run.failure);
    return line.ended();
}

/// A figure's mean: a number, `never`, or nothing.
std::string mean_cell(const SweepFigure& figure) {
    return figure.is_never ? std::string(result::never) : cell(figure.estimate.mean);
}

Json number_or_null(double number) {
    return std::isfinite(number) ? Json(number) : Json();
}

Json to_object(const SweepPlan& plan, const SweepPoint& point) {
    Json axes = Json::object();
    const auto options = plan.swept();
    for (std::size_t i = 0; i < options.size(); ++i) axes[std::string(options[i]->key)] = point.values[i];
    Json object{{"point", point.point + 1}, {"axes", std::move(axes)},
                {"runs", point.runs},       {"failed", point.failed},
                {"stalled", point.stalled}, {"reached", point.reached ? Json(*point.reached) : Json()}};
    for (const SweepFigure& figure : point.figures) {
        object[fmt::format("{}_mean", figure.name)] =
            figure.is_never ? Json(result::never) : number_or_null(figure.estimate.mean);
        object[fmt::format("{}_ci95", figure.name)] = number_or_null(figure.estimate.half_width);
    }
    return object;
}

}  // namespace

std::vector<std::string> key_cells(const SweepPlan& plan, const SweepRow& row) {
    const scenario::Config& config = plan.runs[row.run].config;
    std::vector<std::string> cells{cell(row.point + 1), cell(row.replicate + 1), plan.runs[row.run].id,
                                   cell(config.seed)};
    const auto options = plan.swept();
    const auto values = plan.values(row.point);
    for (std::size_t i = 0; i < options.size(); ++i)
        if (!has_fixed_column(options[i]->key)) cells.push_back(values[i]);
    if (!plan.varies("method")) cells.emplace_back(config.method.name());
    if (!plan.varies("workers")) cells.push_back(cell(config.workers));
    return cells;
}

std::string sweep_csv_header(const SweepPlan& plan) {
    Line line;
    for (const char* name : {"point", "replicate", "run", "seed"}) line.add(name);
    for (const scenario::Option* option : plan.swept())
        if (!has_fixed_column(option->key)) line.add(column_of(*option));
    for (const char* name : {"method", "workers"})
        if (!plan.varies(name)) line.add(name);
    const result::Summary summary;
    result::visit_fields([&](std::string_view name, const auto&) { line.add(name); }, summary);
    line.add("failure");
    return line.ended();
}

std::string sweep_csv(const SweepPlan& plan) {
    std::string text = sweep_csv_header(plan);
    for (const SweepRow& row : plan.rows) text += row_of(plan, row);
    return text;
}

std::string summary_csv(const SweepPlan& plan, std::span<const SweepPoint> points) {
    Line header;
    header.add("point");
    for (const scenario::Option* option : plan.swept()) header.add(column_of(*option));
    for (const char* name : {"runs", "failed", "stalled", "reached"}) header.add(name);
    for (const SweepFigure& figure : points.front().figures)
        for (const char* kind : {"mean", "ci95"}) header.add(fmt::format("{}_{}", figure.name, kind));
    std::string text = header.ended();
    for (const SweepPoint& point : points) {
        Line line;
        line.add(cell(point.point + 1));
        for (const std::string& value : point.values) line.add(value);
        line.add(cell(point.runs));
        line.add(cell(point.failed));
        line.add(cell(point.stalled));
        line.add(cell(point.reached));
        for (const SweepFigure& figure : point.figures) {
            line.add(mean_cell(figure));
            line.add(cell(figure.estimate.half_width));
        }
        text += line.ended();
    }
    return text;
}

std::string summary_json(const SweepPlan& plan, std::span<const SweepPoint> points) {
    Json array = Json::array();
    for (const SweepPoint& point : points) array.push_back(to_object(plan, point));
    return array.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
