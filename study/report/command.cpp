#include "study/report/command.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/units.hpp"
#include "study/report/comparison_section.hpp"
#include "study/report/diff.hpp"
#include "study/report/page/assets.hpp"
#include "study/report/page/report_page.hpp"
#include "study/report/request.hpp"
#include "study/report/run_section.hpp"
#include "study/report/sources.hpp"
#include "study/report/sweep/sweep_section.hpp"
#include "study/report/validation_section.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t most_runs_with_sections = 32;

std::string title_of(const ReportRequest& request) {
    if (!request.title.empty()) return request.title;
    std::string names;
    for (const std::filesystem::path& folder : request.folders) {
        names += names.empty() ? "" : ", ";
        names += folder_name(folder);
    }
    return "lockstep: " + names;
}

std::string counted(std::size_t number, const char* noun) {
    return number == 0 ? std::string() : fmt::format(", {} {}{}", number, noun, number == 1 ? "" : "s");
}

/// Errors: EnvironmentError where lockstep was built without what draws charts.
void require_chart_library() {
    if (!chart_library().empty()) return;
    throw base::EnvironmentError(
        "reports as HTML are switched off: this lockstep was built without Chart.js 3; install it (Debian: "
        "libjs-chart.js), or name it by -DCHART_JS_FILE=.../chart.min.js, and configure and build again; "
        "lockstep show DIR prints what is in a folder");
}

void add_group(ReportPage& page, const RunGroup& group) {
    add_comparison_section(page, fmt::format("Comparison {}", group.name), group.runs);
    add_limits(page, group.limits);
}

void add_sections(ReportPage& page, const ReportSources& sources) {
    if (sources.runs.size() > 1) add_comparison_section(page, "Runs side by side", sources.runs);
    for (const RunGroup& group : sources.groups) add_group(page, group);
    for (const SweepTable& sweep : sources.sweeps) add_sweep_section(page, sweep);
    for (const ValidationFile& validation : sources.validations) add_validation_section(page, validation);
    std::size_t runs = 0;
    for (const RunFolder& run : sources.runs)
        if (runs++ < most_runs_with_sections) add_run_section(page, run);
    for (const RunGroup& group : sources.groups)
        for (const RunFolder& run : group.runs)
            if (runs++ < most_runs_with_sections) add_run_section(page, run);
    if (runs > most_runs_with_sections)
        page.add_warning(
            fmt::format("{} more runs have no section of their own.", runs - most_runs_with_sections));
}

void write(const ReportPage& page, const ReportRequest& request, const std::string& what) {
    const std::string html = page.html();
    base::write_file_atomically(request.out, html);
    base::print_to_stdout(base::in_lines(fmt::format(
        "{}: {}{}", request.out.string(), base::format_bytes(static_cast<double>(html.size())), what)));
}

int run_diff(const ReportRequest& request) {
    const RunFolder first = read_run_folder(request.folders[0], request.parts);
    const RunFolder second = read_run_folder(request.folders[1], request.parts);
    RunDifference difference = compare_runs(first, second, request.tolerance_percent);
    if (difference.first == difference.second) {
        difference.first = first.path.lexically_normal().string();
        difference.second = second.path.lexically_normal().string();
    }
    if (request.out.empty()) {
        base::print_to_stdout(to_text(difference));
        return 0;
    }
    ReportPage page(title_of(request));
    add_difference_section(page, difference);
    for (const RunFolder* run : {&first, &second}) add_run_section(page, *run);
    write(page, request, "");
    return 0;
}

}  // namespace

int run_report(std::span<const std::string> arguments) {
    const auto words = read_request(page_of("report"), arguments);
    if (!words) return 0;
    const ReportRequest request = report_request(*words);
    if (!request.out.empty()) require_chart_library();
    if (request.diff) return run_diff(request);
    const ReportSources sources = read_sources(request.folders, request.parts);
    ReportPage page(title_of(request));
    for (const std::string& problem : sources.problems) page.add_warning(problem);
    add_sections(page, sources);
    write(page, request,
          counted(sources.runs.size(), "run") + counted(sources.groups.size(), "comparison") +
              counted(sources.sweeps.size(), "sweep") + counted(sources.validations.size(), "validation"));
    return 0;
}

}  // namespace lockstep::study
