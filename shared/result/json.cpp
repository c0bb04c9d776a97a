#include "result/json.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "result/fields.hpp"
#include "scenario/choices.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::result {
namespace {

using Json = nlohmann::ordered_json;

Json to_value(double number) {
    return std::isfinite(number) ? Json(number) : Json();
}
Json to_value(Outcome outcome) {
    return name(outcome);
}
Json to_value(const AtTarget& figure) {
    return figure.value == AtTarget::never ? Json(never) : to_value(figure.value);
}
Json to_value(const Staleness& histogram) {
    Json object = Json::object();
    for (const auto& [versions, updates] : histogram) object[std::to_string(versions)] = updates;
    return object;
}
template <typename Value>
Json to_value(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}
template <typename Value>
Json to_value(const Value& value) {
    return value;
}

void from_value(const Json& json, double& number) {
    number = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}
void from_value(const Json& json, Outcome& outcome) {
    const auto text = json.get<std::string>();
    const auto* const found = std::ranges::find(outcome_names, text);
    if (found == outcome_names.end())
        throw std::invalid_argument(fmt::format("outcome '{}'; allowed: finished, diverged, stalled", text));
    outcome = static_cast<Outcome>(found - outcome_names.begin());
}
void from_value(const Json& json, AtTarget& figure) {
    if (json.is_string() && json.get<std::string>() == never)
        figure.value = AtTarget::never;
    else
        from_value(json, figure.value);
}
void from_value(const Json& json, Staleness& histogram) {
    histogram.clear();
    for (const auto& [versions, updates] : json.items())
        histogram[scenario::parse_whole("staleness", versions, {}, "whole numbers")] =
            updates.get<std::uint64_t>();
}
template <typename Value>
void from_value(const Json& json, std::optional<Value>& value) {
    value.reset();
    if (!json.is_null()) value = json.get<Value>();
}
template <typename Value>
void from_value(const Json& json, Value& value) {
    value = json.get<Value>();
}

template <typename Record>
Json to_object(const Record& record) {
    Json object = Json::object();
    visit_fields([&](const char* key, const auto& member) { object[key] = to_value(member); }, record);
    return object;
}

template <typename Record>
Json to_array(const std::vector<Record>& records) {
    Json array = Json::array();
    for (const Record& record : records) array.push_back(to_object(record));
    return array;
}

template <typename Record>
void read_object(const Json& object, Record& record) {
    visit_fields([&](const char* key, auto& member) { from_value(object.at(key), member); }, record);
}

template <typename Record>
std::vector<Record> read_array(const Json& array) {
    std::vector<Record> records;
    if (!array.is_array()) throw std::invalid_argument(fmt::format("{} is not a list", array.dump()));
    for (const Json& object : array) read_object(object, records.emplace_back());
    return records;
}

Json config_object(const scenario::Config& config) {
    Json object = Json::object();
    for (const scenario::Option& option : scenario::options())
        object[std::string(option.key)] = option.kind.get(config);
    return object;
}

scenario::Config read_config(const Json& object) {
    scenario::Config config;
    for (const auto& [key, value] : object.items())
        if (scenario::find_option(key) == nullptr)
            throw std::invalid_argument(fmt::format("config.{} is unknown", key));
    for (const scenario::Option& option : scenario::options())
        option.kind.set(config, fmt::format("config.{}", option.key),
                        object.at(std::string(option.key)).get<std::string>());
    return config;
}

Json summary_object(const Result& result) {
    Json summary;
    summary["method"] = scenario::traits(result.config.method).name;
    summary["workers"] = result.config.workers;
    summary.update(to_object(result.summary));
    summary["cpu_and_memory"] = cpu_and_memory(result.provenance);
    return summary;
}

Result read_result(const Json& json) {
    if (const auto format = json.at("format").get<std::string>(); format != json_format)
        throw std::invalid_argument(fmt::format("format '{}'; allowed: {}", format, json_format));
    Result result;
    result.config = read_config(json.at("config"));
    read_object(json.at("provenance"), result.provenance);
    read_object(json.at("summary"), result.summary);
    result.workers = read_array<Worker>(json.at("workers"));
    result.history = read_array<Evaluation>(json.at("history"));
    from_value(json.at("staleness"), result.staleness);
    return result;
}

}  // namespace

std::string to_json(const Result& result) {
    Json json;
    json["format"] = json_format;
    json["config"] = config_object(result.config);
    json["provenance"] = to_object(result.provenance);
    json["summary"] = summary_object(result);
    json["workers"] = to_array(result.workers);
    json["history"] = to_array(result.history);
    json["staleness"] = to_value(result.staleness);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result from_json(std::string_view text, std::string_view source) {
    try {
        return read_result(Json::parse(text));
    } catch (const std::exception& problem) {
        throw base::InputError(fmt::format("{}: not a result of lockstep: {}", source, problem.what()));
    }
}

}  // namespace lockstep::result
