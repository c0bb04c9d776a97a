#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "study/csv_lines.hpp"
#include "study/estimate/estimate.hpp"

namespace lockstep::study {
namespace {

using ForecastJson = nlohmann::ordered_json;

ForecastJson or_null(const std::optional<std::uint64_t>& count) {
    return count ? ForecastJson(*count) : ForecastJson();
}

std::string or_empty(const std::optional<std::uint64_t>& count) {
    return count ? fmt::format("{}", *count) : std::string();
}

std::string line(std::string_view name, const std::string& value) {
    return fmt::format("{:<12}{}\n", name, value);
}

}  // namespace

std::string to_text(const Forecast& forecast, World world) {
    const result::Estimate& total = forecast.total;
    std::string text;
    if (forecast.runs > 1) {
        std::string runs = fmt::format("{}", forecast.runs);
        if (forecast.rehearsed < forecast.runs)
            runs += fmt::format(", of which {} were rehearsed", forecast.rehearsed);
        text += line("Runs", runs);
    }
    text += line("Steps", fmt::format("{}, of all workers", total.steps));
    text += line("Arithmetic", fmt::format("{:.4g} Gflop{}", total.flops / 1e9,
                                           world == World::simulated ? ", simulated" : ""));
    text += line("Messages", total.messages ? fmt::format("{}", *total.messages)
                                            : std::string("unknown: the MPI library's own"));
    if (total.bytes) text += line("Bytes", base::format_bytes(static_cast<double>(*total.bytes)));
    text += line("Memory", fmt::format("{} in all ranks of {}run{}", base::format_bytes(total.memory_bytes),
                                       forecast.runs > 1 ? "the largest " : "the ",
                                       world == World::simulated
                                           ? fmt::format("; {} here", base::format_bytes(total.process_bytes))
                                           : ""));
    return text + line("Wall time",
                       fmt::format(
                           "about {}{}", base::format_time(total.wall_s),
                           forecast.at_once > 1 ? fmt::format(", {} runs at a time", forecast.at_once) : ""));
}

std::string to_csv(const Forecast& forecast) {
    const result::Estimate& total = forecast.total;
    return csv_lines({{{"runs", fmt::format("{}", forecast.runs)},
                       {"rehearsed", fmt::format("{}", forecast.rehearsed)},
                       {"at_once", fmt::format("{}", forecast.at_once)},
                       {"steps", fmt::format("{}", total.steps)},
                       {"flops", csv_number(total.flops)},
                       {"messages", or_empty(total.messages)},
                       {"bytes", or_empty(total.bytes)},
                       {"memory_bytes", csv_number(total.memory_bytes)},
                       {"process_bytes", csv_number(total.process_bytes)},
                       {"wall_s", csv_number(total.wall_s)}}});
}

std::string to_json(const Forecast& forecast) {
    const result::Estimate& total = forecast.total;
    const ForecastJson json{{"format", "lockstep-estimate-1"},
                            {"runs", forecast.runs},
                            {"rehearsed", forecast.rehearsed},
                            {"at_once", forecast.at_once},
                            {"steps", total.steps},
                            {"flops", total.flops},
                            {"messages", or_null(total.messages)},
                            {"bytes", or_null(total.bytes)},
                            {"memory_bytes", total.memory_bytes},
                            {"process_bytes", total.process_bytes},
                            {"wall_s", total.wall_s}};
    return json.dump(2) + '\n';
}

}  // namespace lockstep::study
