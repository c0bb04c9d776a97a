#include "study/report/page/chart.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

Json numbers(const std::vector<double>& values) {
    Json array = Json::array();
    for (const double value : values) array.push_back(json_number(value));
    return array;
}

bool has_band(const LineSeries& series) {
    return std::ranges::any_of(series.points, [](const ChartPoint& point) {
        return std::isfinite(point.low) && std::isfinite(point.high);
    });
}

Json to_data(const LineSeries& series) {
    Json points = Json::array();
    Json bands = Json::array();
    for (const ChartPoint& point : series.points) {
        if (!std::isfinite(point.x)) continue;
        points.push_back(Json::array({json_number(point.x), json_number(point.y)}));
        bands.push_back(Json::array({json_number(point.low), json_number(point.high)}));
    }
    Json object{{"name", series.name}, {"points", std::move(points)}};
    if (has_band(series)) object["bands"] = std::move(bands);
    if (!series.colour.empty()) object["colour"] = series.colour;
    if (series.is_dashed) object["dashed"] = true;
    return object;
}

Json to_data(const LineView& view) {
    Json series = Json::array();
    for (const LineSeries& line : view.series) series.push_back(to_data(line));
    Json marks = Json::array();
    for (const ChartMark& mark : view.marks)
        marks.push_back({{"x", json_number(mark.x)}, {"y", json_number(mark.y)}, {"text", mark.text}});
    return {{"name", view.name},      {"x", view.x_title},           {"y", view.y_title},
            {"log_x", view.is_log_x}, {"series", std::move(series)}, {"marks", std::move(marks)}};
}

Json to_data(const BarView& view) {
    Json all = Json::array();
    for (const BarSeries& series : view.series) {
        Json object{{"name", series.name}, {"values", numbers(series.values)}};
        if (!series.colour.empty()) object["colour"] = series.colour;
        if (!series.low.empty()) object["low"] = numbers(series.low);
        if (!series.high.empty()) object["high"] = numbers(series.high);
        all.push_back(std::move(object));
    }
    return {{"name", view.name},
            {"x", view.category_title},
            {"y", view.value_title},
            {"horizontal", view.is_horizontal},
            {"stacked", view.is_stacked},
            {"axis_end", json_number(view.axis_end)},
            {"categories", view.categories},
            {"series", std::move(all)}};
}

Json to_data(const MapView& view) {
    Json cells = Json::array();
    for (const MapCell& cell : view.cells)
        cells.push_back(Json::array({cell.column, cell.row, cell.colour_class, cell.text}));
    return {{"name", view.name},          {"x", view.x_title},        {"y", view.y_title},
            {"columns", view.columns},    {"rows", view.rows},        {"classes", view.classes},
            {"ordered", view.is_ordered}, {"cells", std::move(cells)}};
}

template <typename View>
Chart chart(const char* kind, std::string title, std::string description, std::span<const View> views) {
    Json all = Json::array();
    for (const View& view : views) all.push_back(to_data(view));
    return {std::move(title), std::move(description), {{"kind", kind}, {"views", std::move(all)}}, false};
}

}  // namespace

Json json_number(double number) {
    return std::isfinite(number) ? Json(number) : Json();
}

Chart line_chart(std::string title, std::string description, std::span<const LineView> views) {
    return chart("lines", std::move(title), std::move(description), views);
}

Chart bar_chart(std::string title, std::string description, std::span<const BarView> views) {
    return chart("bars", std::move(title), std::move(description), views);
}

Chart map_chart(std::string title, std::string description, std::span<const MapView> views) {
    return chart("map", std::move(title), std::move(description), views);
}

}  // namespace lockstep::study
