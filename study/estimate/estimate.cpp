#include "study/estimate/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "study/launch/child_process.hpp"

namespace lockstep::study {
namespace {

/// How many runs are rehearsed at most: some seconds' worth.
constexpr std::size_t most_rehearsals = 32;

ChildCommand command_of(const scenario::Config& run, std::size_t threads, const Launcher& launcher) {
    scenario::Config config = run;
    const scenario::Config defaults;
    config.threads = threads;
    config.progress = scenario::Progress::never;
    config.format = defaults.format;
    config.out = defaults.out;
    config.events = defaults.events;
    std::vector<std::string> words = scenario::to_arguments(config, launcher.world());
    words.insert(words.begin(), std::string(result::estimate_word));
    return launcher.command(scenario::rank_count(config), words);
}

/// Evenly spread, the first and the last among them.
std::vector<std::size_t> chosen(std::size_t runs) {
    const std::size_t count = std::min(runs, most_rehearsals);
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < count; ++i) indices.push_back(count == 1 ? 0 : i * (runs - 1) / (count - 1));
    return indices;
}

result::Estimate estimate_in(const ChildCommand& command, const ChildEnd& end) {
    if (end.status == static_cast<int>(base::ExitStatus::bad_input))
        throw base::InputError(failure_of(command, end));
    if (end.status != 0 || !has_report(end.output)) throw base::EnvironmentError(failure_of(command, end));
    return result::estimate_from_json(end.output, "its output");
}

void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& count) {
    if (!count) sum.reset();
    if (sum) *sum += *count;
}

void add(result::Estimate& total, const result::Estimate& run) {
    total.steps += run.steps;
    total.flops += run.flops;
    add(total.messages, run.messages);
    add(total.bytes, run.bytes);
    total.memory_bytes = std::max(total.memory_bytes, run.memory_bytes);
    total.process_bytes = std::max(total.process_bytes, run.process_bytes);
    total.wall_s += run.wall_s;
}

std::uint64_t scaled(std::uint64_t count, double factor) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * factor));
}

/// Of so many runs in all, of which `total` is the sum of some.
void extend_to_all(Forecast& forecast) {
    result::Estimate& total = forecast.total;
    const double factor = static_cast<double>(forecast.runs) / static_cast<double>(forecast.rehearsed);
    total.steps = scaled(total.steps, factor);
    total.flops *= factor;
    if (total.messages) total.messages = scaled(*total.messages, factor);
    if (total.bytes) total.bytes = scaled(*total.bytes, factor);
    total.process_bytes *= static_cast<double>(forecast.at_once);
    total.wall_s *= factor / static_cast<double>(forecast.at_once);
}

}  // namespace

Forecast forecast(std::span<const scenario::Config> runs, const Parallelism& parallelism,
                  const Launcher& launcher) {
    std::vector<ChildCommand> commands;
    for (const std::size_t run : chosen(runs.size()))
        commands.push_back(command_of(runs[run], parallelism.threads, launcher));
    Forecast forecast{runs.size(), commands.size(), std::min(parallelism.at_once, runs.size()), {}};
    forecast.total.messages = forecast.total.bytes = 0;
    run_children(commands, forecast.at_once, Streams::captured, [&](std::size_t index, const ChildEnd& end) {
        add(forecast.total, estimate_in(commands[index], end));
        return Next::start_more;
    });
    extend_to_all(forecast);
    return forecast;
}

bool asks_for_estimate(const scenario::Invocation& invocation) {
    const std::string& value = invocation.extra.at("estimate");
    if (invocation.given_on_command_line("estimate") && value != "yes")
        throw base::InputError("--estimate", value, "no value");
    return value == "yes";
}

int show_estimate(const scenario::Invocation& invocation, std::span<const scenario::Config> runs,
                  const Parallelism& parallelism, const Launcher& launcher) {
    const Forecast found = forecast(runs, parallelism, launcher);
    switch (invocation.config.format) {
        case scenario::Format::json:
            base::print_to_stdout(to_json(found));
            break;
        case scenario::Format::csv:
            base::print_to_stdout(to_csv(found));
            break;
        case scenario::Format::table:
            base::print_to_stdout(to_text(found, launcher.world()));
            break;
    }
    return 0;
}

int show_estimate(const scenario::Invocation& invocation, std::span<const scenario::Config> runs,
                  const Launcher& launcher) {
    return show_estimate(invocation, runs,
                         parallelism_of(runs.size(), invocation.config.threads, launcher.world()), launcher);
}

}  // namespace lockstep::study
