#include "tests/support/simulated_child.hpp"

#include <cstring>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "sim/check/platform_check.hpp"
#include "sim/simulation.hpp"
#include "tests/support/child_process.hpp"

namespace lockstep::support {
namespace {

using Bytes = std::vector<std::uint8_t>;
using nlohmann::json;

Failure describe(const std::exception& error) {
    if (dynamic_cast<const base::InputError*>(&error) != nullptr) return {"InputError", error.what()};
    if (dynamic_cast<const base::EnvironmentError*>(&error) != nullptr)
        return {"EnvironmentError", error.what()};
    return {"other", error.what()};
}

/// In the child: the whole simulation as one string.
std::string simulate_and_pack(const scenario::Config& config,
                              const std::function<std::string(comm::Communicator&)>& program) {
    std::vector<json> values(scenario::rank_count(config));
    json packed;
    try {
        sim::check_platform(config);
        sim::simulate(config, [&](comm::Communicator& communicator) {
            const std::string value = program(communicator);
            values[communicator.rank()] = json::binary(Bytes(value.begin(), value.end()));
        });
    } catch (const std::exception& error) {
        const Failure failure = describe(error);
        packed["failure"] = {failure.type, failure.message};
    }
    packed["ranks"] = values;
    const Bytes bytes = json::to_cbor(packed);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

Simulation<std::string> simulate_in_child_for_text(
    const scenario::Config& config, const std::function<std::string(comm::Communicator&)>& program) {
    const ChildResult child = run_in_child([&] { return simulate_and_pack(config, program); });
    const json packed = json::from_cbor(child.value);
    Simulation<std::string> simulation{{}, {}, child.output};
    for (const json& value : packed.at("ranks")) {
        std::string& text = simulation.ranks.emplace_back();
        if (value.is_binary()) text.assign(value.get_binary().begin(), value.get_binary().end());
    }
    if (packed.contains("failure")) simulation.failure = Failure{packed["failure"][0], packed["failure"][1]};
    return simulation;
}

Simulation<std::vector<double>> simulate_in_child(
    const scenario::Config& config, const std::function<std::vector<double>(comm::Communicator&)>& program) {
    const auto simulation = simulate_in_child_for_text(config, [&](comm::Communicator& communicator) {
        const std::vector<double> values = program(communicator);
        std::string bytes(values.size() * sizeof(double), '\0');
        if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
        return bytes;
    });
    Simulation<std::vector<double>> result{{}, simulation.failure, simulation.output};
    for (const std::string& bytes : simulation.ranks) {
        auto& values = result.ranks.emplace_back(bytes.size() / sizeof(double));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    }
    return result;
}

std::vector<std::vector<double>> simulate_values(
    const scenario::Config& config, const std::function<std::vector<double>(comm::Communicator&)>& program) {
    auto simulation = simulate_in_child(config, program);
    if (simulation.failure)
        throw std::runtime_error(simulation.failure->type + ": " + simulation.failure->message);
    return std::move(simulation.ranks);
}

scenario::Config star_of(std::size_t ranks) {
    scenario::Config config;
    config.method = scenario::Method("sync-average");
    config.workers = ranks;
    config.threads = 1;
    return config;
}

}  // namespace lockstep::support
