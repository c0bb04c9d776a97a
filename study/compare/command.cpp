#include "study/compare/command.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "result/files.hpp"
#include "study/compare/compare.hpp"
#include "study/estimate/estimate.hpp"
#include "study/launch/output_folder.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;
using scenario::Invocation;

constexpr std::size_t usual_workers = 4;

Comparison checked_comparison(const Invocation& invocation) {
    if (invocation.given_on_command_line("method"))
        throw base::InputError("--method: not with lockstep compare; choose the methods by --methods");
    refuse_order_files(invocation, "lockstep compare", Replays::refused);
    const bool workers_given =
        invocation.given_on_command_line("workers") || invocation.given_in_file("workers");
    const std::size_t workers = workers_given ? invocation.config.workers : usual_workers;
    const auto methods = parse_methods(invocation.extra.at("methods"), workers);
    Comparison comparison = requested_comparison(invocation.config, methods);
    std::vector<Config> configs;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        Run& run = comparison.runs[i];
        configs.push_back(run.config);
        if (run.config.events == scenario::Events::none) continue;
        run.out = (std::filesystem::path(run.config.out) / comparison.methods[i].request.name()).string();
    }
    check_scenarios(invocation, configs, World::simulated, "method compared");
    return comparison;
}

void write_comparison(const Comparison& comparison, const std::filesystem::path& folder) {
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const Run& run = comparison.runs[i];
        if (run.result && run.out.empty())  // else it has written its own
            result::write_run(*run.result, folder / comparison.methods[i].request.name());
    }
    std::filesystem::create_directories(folder);
    base::write_file_atomically(folder / "compare.csv", to_csv(comparison));
}

std::string rendered(const Comparison& comparison, scenario::Format format) {
    switch (format) {
        case scenario::Format::json:
            return to_json(comparison);
        case scenario::Format::csv:
            return to_csv(comparison);
        case scenario::Format::table:
            return to_text(comparison);
    }
    return {};
}

}  // namespace

int run_compare(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("compare");
    const auto& extra = page.keys;
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, page)) return 0;
    Comparison comparison = checked_comparison(invocation);
    const Launcher launcher(World::simulated);
    if (asks_for_estimate(invocation)) {
        std::vector<Config> runs;
        for (const Run& run : comparison.runs) runs.push_back(run.config);
        return show_estimate(invocation, runs, launcher);
    }
    OutputFolder folder(invocation.config.out);
    compare(comparison, launcher);
    if (!invocation.config.out.empty()) write_comparison(comparison, invocation.config.out);
    folder.close();
    base::print_to_stdout(rendered(comparison, invocation.config.format));
    const int status = report_failures(comparison.runs, "method");
    return std::max(status, report_failures(comparison.failed_probes, "method"));
}

}  // namespace lockstep::study
