#include "result/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "result/fields.hpp"
#include "result/json_value.hpp"
#include "scenario/config.hpp"
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

/// Where in a result something is wrong, in the words of docs/formats/result.md.
[[noreturn]] void refuse(std::string_view field, const Json& given, std::string_view allowed) {
    throw std::invalid_argument(
        fmt::format("{}: given {}; allowed: {}", field, base::described(given), allowed));
}

// Each reads a value of one type, and refuses another one.
void from_value(std::string_view field, const Json& json, double& number) {
    if (!json.is_number() && !json.is_null()) refuse(field, json, "a number or null");
    number = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}
void from_value(std::string_view field, const Json& json, bool& value) {
    if (!json.is_boolean()) refuse(field, json, "true or false");
    value = json.get<bool>();
}
void from_value(std::string_view field, const Json& json, std::string& text) {
    if (!json.is_string()) refuse(field, json, "a text");
    text = json.get<std::string>();
}
void from_value(std::string_view field, const Json& json, std::vector<std::string>& texts) {
    if (!json.is_array()) refuse(field, json, "a list of texts");
    texts.clear();
    for (const Json& text : json) from_value(field, text, texts.emplace_back());
}
template <std::unsigned_integral Whole>
void from_value(std::string_view field, const Json& json, Whole& number) {
    if (!json.is_number_unsigned()) refuse(field, json, "a whole number from 0");
    number = json.get<Whole>();
}
void from_value(std::string_view field, const Json& json, Outcome& outcome) {
    const auto* const found = std::ranges::find_if(
        outcome_names, [&](std::string_view name) { return json.is_string() && json == std::string(name); });
    if (found == outcome_names.end())
        refuse(field, json, "finished, diverged, stalled, interrupted, aborted");
    outcome = static_cast<Outcome>(found - outcome_names.begin());
}
void from_value(std::string_view field, const Json& json, AtTarget& figure) {
    if (json == std::string(never)) {
        figure.value = AtTarget::never;
        return;
    }
    if (!json.is_number() && !json.is_null()) refuse(field, json, "a number, never or null");
    from_value(field, json, figure.value);
}
void from_value(std::string_view field, const Json& json, Staleness& histogram) {
    if (!json.is_object()) refuse(field, json, "an object of numbers of updates");
    histogram.clear();
    for (const auto& [versions, updates] : json.items())
        from_value(field, updates, histogram[option::parse_whole(field, versions, {}, "whole numbers")]);
}
template <typename Value>
void from_value(std::string_view field, const Json& json, std::optional<Value>& value) {
    value.reset();
    if (!json.is_null()) from_value(field, json, value.emplace());
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

/// Fields that were added since the first results that are read: those have them not.
constexpr std::array<std::string_view, 11> added_fields{"samples_computed",
                                                        "samples_applied",
                                                        "time_to_target_low_s",
                                                        "time_to_target_high_s",
                                                        "copying_s",
                                                        "stopped",
                                                        "products",
                                                        "launcher",
                                                        "trained_before",
                                                        "abort_cause",
                                                        "calibration_warnings"};

const Json& field_of(const Json& object, std::string_view name, Json::value_t type,
                     std::string_view allowed) {
    const auto found = object.find(name);
    if (found == object.end()) throw std::invalid_argument(fmt::format("{} is missing", name));
    if (found->type() != type) refuse(name, *found, allowed);
    return *found;
}
const Json& object_of(const Json& object, std::string_view name) {
    return field_of(object, name, Json::value_t::object, "an object");
}

/// `name` stands for the record in messages.
template <typename Record>
void read_object(std::string_view name, const Json& object, Record& record) {
    if (!object.is_object()) refuse(name, object, "an object");
    const auto read = [&](const char* key, auto& member) {
        const std::string field = fmt::format("{}.{}", name, key);
        if (const auto found = object.find(key); found != object.end())
            from_value(field, *found, member);
        else if (std::ranges::count(added_fields, std::string_view(key)) == 0)
            throw std::invalid_argument(fmt::format("{} is missing", field));
    };
    visit_fields(read, record);
    if constexpr (requires { record.elapsed_s; })
        if (record.elapsed_s < 0)
            refuse(fmt::format("{}.elapsed_s", name), record.elapsed_s, "a number from 0");
}

template <typename Record>
std::vector<Record> read_array(std::string_view name, const Json& json) {
    std::vector<Record> records;
    for (const Json& object : field_of(json, name, Json::value_t::array, "a list")) {
        const std::string record = fmt::format("{}[{}]", name, records.size());
        read_object(record, object, records.emplace_back());
    }
    return records;
}

Json config_object(const scenario::Config& config) {
    Json object = Json::object();
    for (const scenario::Option& option : scenario::options())
        object[std::string(option.key)] = option.kind.get(config);
    return object;
}

/// Of an option that is no more; it did not change what was trained.
constexpr std::string_view removed_key = "replay-by";

scenario::Config read_config(const Json& object) {
    scenario::Config config;
    for (const auto& [key, value] : object.items())
        if (scenario::find_option(key) == nullptr && key != removed_key)
            throw std::invalid_argument(fmt::format("config.{} is unknown", key));
    for (const scenario::Option& option : scenario::options()) {
        const auto found = object.find(option.key);
        if (found == object.end()) continue;  // added since, with what was done before as its default
        const std::string field = fmt::format("config.{}", option.key);
        std::string text;
        from_value(field, *found, text);
        option.kind.set(config, field, text);
    }
    return config;
}

Json summary_object(const Result& result) {
    Json summary;
    summary["method"] = result.config.method.name();
    summary["workers"] = result.config.workers;
    summary.update(to_object(result.summary));
    summary["cpu_and_memory"] = cpu_and_memory(result.provenance);
    return summary;
}

Json range_object(const CalibrationRange& range) {
    Json object = to_object(range);
    object["settings"] = to_array(range.settings);
    return object;
}

CalibrationRange read_range(const Json& object) {
    CalibrationRange range;
    read_object("calibration_range", object, range);
    range.settings = read_array<SettingEffect>("settings", object);
    return range;
}

/// Counts that the first format did not have: all samples computed count as applied.
void count_samples(Result& result) {
    for (Worker& worker : result.workers) {
        worker.samples_applied = worker.samples;
        result.summary.samples_computed += worker.samples;
    }
    result.summary.samples_applied = result.summary.samples_computed;
}

Result read_result(const Json& json) {
    if (!json.is_object()) throw std::invalid_argument("no object");
    const Json& format = field_of(json, "format", Json::value_t::string, "a text");
    if (format != std::string(json_format) && format != std::string(first_json_format))
        refuse("format", format, fmt::format("{}, {}", json_format, first_json_format));
    Result result;
    result.config = read_config(object_of(json, "config"));
    read_object("provenance", object_of(json, "provenance"), result.provenance);
    read_object("summary", object_of(json, "summary"), result.summary);
    result.workers = read_array<Worker>("workers", json);
    result.history = read_array<Evaluation>("history", json);
    from_value("staleness", object_of(json, "staleness"), result.staleness);
    if (json.contains("time_range"))
        read_object("time_range", object_of(json, "time_range"), result.time_range.emplace());
    if (json.contains("expected_error"))
        read_object("expected_error", object_of(json, "expected_error"), result.expected_error.emplace());
    if (json.contains("calibration_range"))
        result.calibration_range = read_range(object_of(json, "calibration_range"));
    if (!json["summary"].contains("samples_applied")) count_samples(result);
    return result;
}

}  // namespace

nlohmann::ordered_json json_value(const Result& result) {
    Json json;
    json["format"] = json_format;
    json["config"] = config_object(result.config);
    json["provenance"] = to_object(result.provenance);
    json["summary"] = summary_object(result);
    json["workers"] = to_array(result.workers);
    json["history"] = to_array(result.history);
    json["staleness"] = to_value(result.staleness);
    if (result.time_range) json["time_range"] = to_object(*result.time_range);
    if (result.calibration_range) json["calibration_range"] = range_object(*result.calibration_range);
    if (result.expected_error) json["expected_error"] = to_object(*result.expected_error);
    return json;
}

std::string to_json(const Result& result) {
    return json_value(result).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result from_json(std::string_view text, std::string_view source) {
    try {
        return read_result(base::parse_json(text));
    } catch (const std::exception& problem) {
        throw base::InputError(fmt::format("{}: not a result of lockstep: {}", source, problem.what()));
    }
}

}  // namespace lockstep::result
