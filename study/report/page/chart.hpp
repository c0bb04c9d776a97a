#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace lockstep::study {

/// What page/charts.js draws, as data. A chart has one view or several between which the reader switches.
/// Numbers that are not finite are gaps. A colour is an activity's name or a number of the palette; empty:
/// that of the series' place.

struct ChartPoint {
    double x = 0;
    double y = 0;
    double low = std::numeric_limits<double>::quiet_NaN();  ///< this and the next: a band around y, if any
    double high = std::numeric_limits<double>::quiet_NaN();
    bool is_of_all = true;  ///< else of a part of the runs, the others of which do not have the figure
};

struct LineSeries {
    std::string name;
    std::vector<ChartPoint> points;  ///< by growing x
    std::string colour = {};
    bool is_dashed = false;
    std::string group = {};  ///< whom it competes with: lines of its group
};

/// A point that is pointed out: where two lines cross.
struct ChartMark {
    double x = 0;
    double y = 0;
    std::string text;
};

struct LineView {
    std::string name;
    std::string x_title;
    std::string y_title;
    bool is_log_x = false;
    std::vector<LineSeries> series;
    std::vector<ChartMark> marks = {};
};

struct BarSeries {
    std::string name;
    std::vector<double> values;  ///< one for each category
    std::string colour = {};
    std::vector<double> low = {};  ///< this and the next: error bars, one for each category, or none
    std::vector<double> high = {};
};

struct BarView {
    std::string name;
    std::string category_title;
    std::string value_title;
    std::vector<std::string> categories;
    std::vector<BarSeries> series;
    bool is_horizontal = false;
    bool is_stacked = false;
    double axis_end = std::numeric_limits<double>::quiet_NaN();  ///< of values; NaN: where the data end
};

/// Coloured cells.
struct MapCell {
    std::size_t column = 0;
    std::size_t row = 0;
    std::size_t colour_class = 0;
    std::string text;
};

struct MapView {
    std::string name;
    std::string x_title;
    std::string y_title;
    std::vector<std::string> columns;
    std::vector<std::string> rows;  ///< from below
    std::vector<std::string> classes;
    bool is_ordered = false;  ///< the classes go from little to much
    std::vector<MapCell> cells;
};

struct Chart {
    std::string title;
    std::string description;  ///< what is to be seen, for those who do not see it
    nlohmann::ordered_json data;
    bool has_strip = false;  ///< an overview in which a window is chosen belongs to it
};

Chart line_chart(std::string title, std::string description, std::span<const LineView> views);
Chart bar_chart(std::string title, std::string description, std::span<const BarView> views);
Chart map_chart(std::string title, std::string description, std::span<const MapView> views);

/// A number, or null where it is not finite.
nlohmann::ordered_json json_number(double number);

}  // namespace lockstep::study
