#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "result/csv.hpp"
#include "result/fields.hpp"
#include "result/json_value.hpp"
#include "result/text.hpp"
#include "result/text_table.hpp"
#include "study/compare/healing.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;
using result::TextTable;

/// How people read a figure.
struct Reading {
    std::string_view title;
    std::string (*show)(double);
};

std::string as_signed(double value, std::string (*show)(double)) {
    return fmt::format("{}{}", value > 0 ? "+" : "", show(value));
}

Reading reading_of(std::string_view name) {
    if (name == "elapsed_s") return {"time", base::format_time};
    if (name == "time_to_target_s") return {"time to target", base::format_time};
    if (name == "test_accuracy")
        return {"test accuracy", [](double value) { return base::format_number(value, {.decimals = 4}); }};
    if (name == "wait_share") return {"waiting", base::format_share};
    if (name == "mean_staleness")
        return {"mean staleness", [](double value) { return base::format_number(value, {.decimals = 2}); }};
    return {"energy", base::format_energy};
}

std::string text_of(double value, std::string (*show)(double)) {
    if (std::isnan(value)) return "-";
    return std::isinf(value) ? std::string(result::never) : show(value);
}

Json known_or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json to_value(double value) {
    return value == result::AtTarget::never ? Json(result::never) : known_or_null(value);
}

/// The two lines of a run's summary, header and figures, under a first column.
std::pair<std::string, std::string> lines_of(const Run& run) {
    const std::string csv = result::summary_csv(*run.result);
    const std::size_t end = csv.find('\n');
    return {fmt::format("run,{}", csv.substr(0, end + 1)),
            fmt::format("{},{}", run.name, csv.substr(end + 1))};
}

}  // namespace

std::string to_text(const Healing& healing) {
    TextTable table({{"", TextTable::Align::left}, {"With"}, {"Without"}, {"The straggler's cost"}, {""}});
    for (const Cost& cost : costs(healing)) {
        if (std::isnan(cost.actual) && std::isnan(cost.healed)) continue;
        const auto [title, show] = reading_of(cost.name);
        const bool is_known = std::isfinite(cost.difference());
        table.add_row({std::string(title), text_of(cost.actual, show), text_of(cost.healed, show),
                       is_known ? as_signed(cost.difference(), show) : "-",
                       std::isfinite(cost.percent()) ? base::format_change(cost.percent() / 100) : ""});
    }
    return fmt::format("{}\n{}", result::to_text(*healing.actual.result), table.render());
}

std::string to_csv(const Healing& healing) {
    const auto [header, actual] = lines_of(healing.actual);
    return header + actual + lines_of(healing.healed).second;
}

std::string to_json(const Healing& healing) {
    Json cost = Json::object();
    for (const Cost& figure : costs(healing))
        cost[std::string(figure.name)] = {{"actual", to_value(figure.actual)},
                                          {"healed", to_value(figure.healed)},
                                          {"difference", known_or_null(figure.difference())},
                                          {"percent", known_or_null(figure.percent())}};
    const Json json{{"format", "lockstep-counterfactual-1"},
                    {"actual", result::json_value(*healing.actual.result)},
                    {"healed", result::json_value(*healing.healed.result)},
                    {"cost", std::move(cost)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace lockstep::study
