#include "study/fit/platform.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/error.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/options/options.hpp"
#include "study/fit/link_settings.hpp"
#include "study/fit/prediction.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

/// What of a name may stand in a file's.
std::string plain_file_name(const std::string& name) {
    std::string plain;
    for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ? c : '-';
    return plain;
}

Json settings_of(const scenario::Config& config) {
    Json settings = Json::object();
    for (const char* key : {"speed", "vector-speed", "latency", "bandwidth"})
        settings[key] = scenario::find_option(key)->kind.get(config);
    return settings;
}

Json model_object(const scenario::Config& config) {
    Json model = Json::object();
    for (const auto& [key, value] : scenario::model_of(config)) model[key] = value;
    return model;
}

std::vector<std::string> warnings_of_platform(const ClusterFit& fit) {
    std::vector<std::string> warnings = warnings_of(fit);
    if (!fit.has_repeats) warnings.emplace_back("no run was repeated: how runs scatter is not known");
    if (!fit.overhead_is_told_apart)
        warnings.emplace_back("overhead and bandwidth are not told apart: all of it is bandwidth");
    return warnings;
}

}  // namespace

std::vector<FittedPlatform> platforms_of(const ClusterFit& fit, const std::string& file,
                                         const std::string& measured_utc) {
    std::vector<FittedPlatform> all;
    for (const FittedLinks& links : fit.links) {
        const LinkSettings expected = links_of(fit, "links", links.name).expected;
        const scenario::Config config = config_on(expected, fit);
        const Json document{{"format", scenario::calibration_format},
                            {"name", links.name},
                            {"host", std::filesystem::path(file).filename().string()},
                            {"measured_utc", measured_utc},
                            {"emulate_speed", "none"},
                            {"model", model_object(config)},
                            {"settings", settings_of(config)},
                            {"worker_speeds_flops", Json::array()},
                            {"parameters", fit.parameters},
                            {"flops_per_sample", *config.flops_per_sample},
                            {"warnings", warnings_of_platform(fit)}};
        std::string name = fmt::format("platform-{}.json", plain_file_name(links.name));
        while (std::ranges::find(all, name, &FittedPlatform::file_name) != all.end())
            name.insert(0, "other-");
        all.push_back({name, scenario::sealed_calibration(
                                 document.dump(-1, ' ', false, Json::error_handler_t::replace))});
    }
    return all;
}

std::string date_of_file(const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) throw base::InputError(file, "no such file", "a table of runs");
    std::tm time{};
    ::gmtime_r(&status.st_mtime, &time);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%FT%TZ", &time);
    return {text.data(), length};
}

}  // namespace lockstep::study
