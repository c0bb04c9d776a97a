#include "study/validate/json_values.hpp"

#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "result/json_value.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

Json figure_object(const Figure& figure) {
    return {{"name", figure.name},
            {"unit", symbol_of(figure.unit)},
            {"measured", json_of(figure.measured, figure.interval)},
            {"simulated", json_of(figure.simulated, figure.simulated_interval)},
            {"error_percent", json_of(figure.error_percent)},
            {"bias_percent", json_of(figure.bias_percent)},
            {"of_elapsed_percent", json_of(figure.of_elapsed_percent)},
            {"tolerance_percent", json_of(figure.tolerance_percent)},
            {"tolerance_difference", json_of(figure.tolerance_difference)},
            {"noise_percent", json_of(figure.noise_percent)},
            {"verdict", word(figure.verdict)}};
}

Json shares_object(const std::map<std::uint64_t, double>& shares) {
    Json object = Json::object();
    for (const auto& [staleness, share] : shares) object[std::to_string(staleness)] = share;
    return object;
}

}  // namespace

std::string_view symbol_of(Unit unit) {
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

Json json_of(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json json_of(const std::optional<double>& value) {
    return value ? json_of(*value) : Json();
}

Json json_of(const FiveNumbers& spread, const Interval& of_median) {
    return {{"count", spread.count},
            {"median", json_of(spread.median)},
            {"interval_low", json_of(of_median.low)},
            {"interval_high", json_of(of_median.high)},
            {"lower_quartile", json_of(spread.lower_quartile)},
            {"upper_quartile", json_of(spread.upper_quartile)},
            {"least", json_of(spread.least)},
            {"most", json_of(spread.most)}};
}

Json json_of(const std::vector<Figure>& figures) {
    Json array = Json::array();
    for (const Figure& figure : figures) array.push_back(figure_object(figure));
    return array;
}

Json json_of(const std::vector<RankFigures>& ranks) {
    Json array = Json::array();
    for (const RankFigures& rank : ranks)
        array.push_back(
            {{"rank", rank.rank}, {"is_server", rank.is_server}, {"figures", json_of(rank.figures)}});
    return array;
}

Json json_of(const StalenessShares& staleness) {
    return {{"measured", shares_object(staleness.measured)},
            {"simulated", shares_object(staleness.simulated)},
            {"distance", json_of(staleness.distance)}};
}

Json json_of(const Digests& digests) {
    return {{"measured", digests.measured},
            {"simulated", digests.simulated},
            {"equal", digests.equal},
            {"why_not_judged", digests.why_not_judged.empty() ? Json() : Json(digests.why_not_judged)},
            {"verdict", word(digests.verdict)}};
}

/// Without its histories, which are in the runs' own folders.
Json json_of(const std::vector<Run>& runs) {
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

}  // namespace lockstep::study
