#include "result/estimate.hpp"

#include <exception>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace lockstep::result {
namespace {

using EstimateJson = nlohmann::ordered_json;

constexpr std::string_view format = "lockstep-rehearsal-1";

EstimateJson or_null(const std::optional<std::uint64_t>& count) {
    return count ? EstimateJson(*count) : EstimateJson();
}

std::uint64_t whole(const EstimateJson& json) {
    if (!json.is_number_unsigned()) throw std::invalid_argument("a count in it is no whole number");
    return json.get<std::uint64_t>();
}

std::optional<std::uint64_t> count_of(const EstimateJson& json) {
    if (json.is_null()) return std::nullopt;
    return whole(json);
}

}  // namespace

std::string to_json(const Estimate& estimate) {
    EstimateJson json;
    json["format"] = format;
    json["steps"] = estimate.steps;
    json["flops"] = estimate.flops;
    json["messages"] = or_null(estimate.messages);
    json["bytes"] = or_null(estimate.bytes);
    json["memory_bytes"] = estimate.memory_bytes;
    json["process_bytes"] = estimate.process_bytes;
    json["wall_s"] = estimate.wall_s;
    return json.dump(2) + '\n';
}

Estimate estimate_from_json(std::string_view text, std::string_view source) {
    try {
        const auto json = base::parse_json(text);
        if (json.at("format") != format) throw base::InputError("another format");
        return {whole(json.at("steps")),
                json.at("flops").get<double>(),
                count_of(json.at("messages")),
                count_of(json.at("bytes")),
                json.at("memory_bytes").get<double>(),
                json.at("process_bytes").get<double>(),
                json.at("wall_s").get<double>()};
    } catch (const std::exception& problem) {
        throw base::InputError(fmt::format("{}: not an estimate of lockstep: {}", source, problem.what()));
    }
}

}  // namespace lockstep::result
