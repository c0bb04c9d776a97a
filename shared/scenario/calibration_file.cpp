#include "scenario/calibration_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::scenario {
namespace {

using Json = nlohmann::ordered_json;
using base::InputError;

constexpr std::string_view digest_key = "digest";
constexpr const char* remedy = "use a file that lockstep calibrate has written, as it is";

std::string digest_without_itself(Json document) {
    document.erase(std::string(digest_key));
    return base::digest_of_bytes(document.dump());
}

Json parsed(const std::string& path) {
    try {
        return base::parse_json(base::read_file(path, base::most_of_settings));
    } catch (const std::invalid_argument& problem) {
        throw InputError(
            fmt::format("--platform {}: it is no calibration: {}; {}", path, problem.what(), remedy));
    }
}

KeyValues key_values(const Json& object) {
    KeyValues result;
    for (const auto& [key, value] : object.items()) result.emplace_back(key, value.get<std::string>());
    return result;
}

std::vector<SettingRange> setting_ranges(const Json& document) {
    std::vector<SettingRange> ranges;
    if (!document.contains("intervals")) return ranges;
    for (const auto& [key, ends] : document.at("intervals").items())
        ranges.push_back({key, ends.at(0).get<std::string>(), ends.at(1).get<std::string>()});
    return ranges;
}

/// Of the network: the last kind is that of messages between hosts, where there are such.
TimedMessages timed_messages(const Json& document) {
    TimedMessages timed;
    if (!document.contains("messages") || document.at("messages").empty()) return timed;
    for (const Json& size : document.at("messages").back().at("sizes"))
        timed.largest_bytes = std::max(timed.largest_bytes, size.at("bytes").get<double>());
    for (const Json& kind : document.at("messages")) timed.kinds.push_back(kind.value("kind", std::string()));
    if (!document.at("model").empty()) timed.run_bytes = document.at("run_bytes").get<std::vector<double>>();
    return timed;
}

CalibrationFile fields_of(const Json& document) {
    return {document.at("name").get<std::string>(),
            document.at("host").get<std::string>(),
            document.at("measured_utc").get<std::string>(),
            document.at("emulate_speed").get<std::string>(),
            key_values(document.at("model")),
            key_values(document.at("settings")),
            document.at("warnings").get<std::vector<std::string>>(),
            document.at("worker_speeds_flops").get<std::vector<double>>(),
            setting_ranges(document),
            document.value("compression", std::string()),
            document.value("updates", std::string()),
            timed_messages(document),
            document.value("world", std::string())};
}

/// What another one has measured.
void add_to(CalibrationFile& all, const CalibrationFile& more, const std::string& platform) {
    for (const auto& [key, value] : more.settings)
        for (const auto& [known_key, known_value] : all.settings)
            if (key == known_key)
                throw InputError(fmt::format(
                    "--platform {}: both files say what {} is; name one of a network (lockstep calibrate "
                    "--network-only) and one of steps (--steps-only)",
                    platform, key));
    all.settings.insert(all.settings.end(), more.settings.begin(), more.settings.end());
    all.warnings.insert(all.warnings.end(), more.warnings.begin(), more.warnings.end());
    all.intervals.insert(all.intervals.end(), more.intervals.begin(), more.intervals.end());
    all.name += "," + more.name;
    if (more.host != all.host) all.host += "," + more.host;
    all.measured_utc = std::min(all.measured_utc, more.measured_utc);
    if (more.messages.largest_bytes > 0) all.messages = more.messages;
    if (more.world != all.world) all.world += "," + more.world;
    if (more.model.empty()) return;
    all.model = more.model;
    all.compression = more.compression;
    all.updates = more.updates;
    all.emulate_speed = more.emulate_speed;
    all.worker_speeds_flops = more.worker_speeds_flops;
}

/// Speeds of codes differ by their kind, and a run without one needs none.
void require_calibrated_code(const Config& config, const CalibrationFile& calibration) {
    const std::string code = code_of(config);
    if (code == "none" || calibration.compression.empty() || calibration.compression == code) return;
    const Kind& speed = find_option("code-speed")->kind;
    for (const auto& [key, value] : calibration.settings)
        if (key == "code-speed" && speed.get(config) == value)
            throw InputError(
                fmt::format("--platform {}: it was calibrated with compression '{}', and this run has '{}'; "
                            "calibrate with this run's compression, or give --code-speed",
                            config.platform, calibration.compression, code));
}

}  // namespace

bool is_calibrated(const Config& config) {
    return config.platform.ends_with(".json");
}

KeyValues model_of(const Config& config) {
    constexpr std::array keys{"model", "hidden", "activation", "loss", "batch"};
    KeyValues result;
    for (const char* key : keys) result.emplace_back(key, find_option(key)->kind.get(config));
    for (const char* key : {"parameters", "flops-per-sample"})
        if (applies(key, config)) result.emplace_back(key, find_option(key)->kind.get(config));
    return result;
}

std::string code_of(const Config& config) {
    if (!applies("compression", config) || config.compression->is_plain()) return "none";
    return find_option("compression")->kind.get(config);
}

CalibrationFile read_calibration(const std::string& path) {
    const Json document = parsed(path);
    try {
        if (document.at(digest_key).get<std::string>() != digest_without_itself(document))
            throw InputError(
                fmt::format("--platform {}: it was edited since it was written; {}, and change "
                            "values by options such as --latency",
                            path, remedy));
        if (document.at("format").get<std::string>() != calibration_format)
            throw InputError(fmt::format("--platform {}: its format is not '{}', that of this program; {}",
                                         path, calibration_format, remedy));
        return fields_of(document);
    } catch (const Json::exception&) {
        throw InputError(fmt::format("--platform {}: it is no calibration; {}", path, remedy));
    }
}

CalibrationFile read_calibrations(const Config& config) {
    const std::vector<std::string> files = platform_files(config);
    CalibrationFile all = read_calibration(files.front());
    for (std::size_t i = 1; i < files.size(); ++i) add_to(all, read_calibration(files[i]), config.platform);
    return all;
}

std::string sealed_calibration(std::string_view json) {
    Json document = base::parse_json(json);
    document[std::string(digest_key)] = digest_without_itself(document);
    return document.dump(2) + '\n';
}

void require_calibrated_model(const Config& config) {
    if (!is_calibrated(config)) return;
    const CalibrationFile calibration = read_calibrations(config);
    require_calibrated_code(config, calibration);
    const KeyValues mine = model_of(config);
    for (const auto& [key, value] : calibration.model) {
        for (const auto& [my_key, my_value] : mine)
            if (key == my_key && value != my_value)
                throw InputError(
                    fmt::format("--platform {}: it was calibrated with {} '{}', and this run has '{}'; "
                                "calibrate with this run's model and batch: lockstep calibrate",
                                config.platform, key, value, my_value));
    }
}

std::string changed_since_calibration(const Config& config, const CalibrationFile& calibration) {
    Config as_calibrated;
    for (const auto& [key, value] : calibration.settings)
        if (const Option* option = find_option(key)) option->kind.set(as_calibrated, key, value);
    as_calibrated.speeds_flops = calibration.worker_speeds_flops;
    std::string changed;
    for (const Option& option : options()) {
        const bool is_described = is_about_platform(option.group) && option.group != Group::simulation &&
                                  option.group != Group::emulation && option.key != "platform" &&
                                  option.key != "platform-seed";
        if (is_described && option.kind.get(config) != option.kind.get(as_calibrated))
            changed += fmt::format("{}{}", changed.empty() ? "" : ", ", option.key);
    }
    return changed;
}

}  // namespace lockstep::scenario
