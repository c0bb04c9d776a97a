#include "study/show/command.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/program.hpp"
#include "base/terminal.hpp"
#include "study/manual/request.hpp"
#include "study/show/text.hpp"
#include "study/sweep/summary.hpp"
#include "study/sweep/text.hpp"

namespace lockstep::study {
namespace {

std::string sweep_text(const std::filesystem::path& folder) {
    const std::string file = (folder / "summary.csv").string();
    if (!std::filesystem::exists(file))
        throw base::InputError(file, "no such file", "the summary of a sweep that has ended",
                               fmt::format("the same lockstep sweep goes on with it; lockstep report {} "
                                           "--partial shows the runs that have ended",
                                           folder.string()));
    const SweepSummary summary = read_sweep_summary(folder);
    const std::size_t points = summary.points.size();
    using base::in_lines;
    const std::string title =
        fmt::format("{}: a sweep of {} point{}", folder_name(folder), points, points == 1 ? "" : "s");
    return fmt::format("{}\n{}\n{}{}", in_lines(title), to_text(summary.keys, summary.points),
                       in_lines("Every run: " + (folder / "sweep.csv").string()),
                       in_lines("Charts: lockstep report " + folder.string()));
}

}  // namespace

int run_show(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("show"), arguments);
    if (!request) return 0;
    const std::string& folder = only_operand(*request, "the run's folder", "lockstep show DIR");
    if (kind_of(folder) == FolderKind::sweep) {
        if (request->is_set("partial"))
            throw base::InputError("--partial: it does not apply to a sweep; remove it");
        base::print_to_stdout(sweep_text(folder));
        return 0;
    }
    const Parts parts = request->is_set("partial") ? Parts::what_is_usable : Parts::all_or_nothing;
    const RunFolder run = read_run_folder(folder, parts);
    for (const std::string& problem : run.problems)
        base::print_message(fmt::format("lockstep: warning: {}", problem));
    const Look look{base::terminal_columns(STDOUT_FILENO), base::locale_is_utf8(),
                    base::shows_colour(STDOUT_FILENO)};
    base::print_to_stdout(to_text(run, look));
    return 0;
}

}  // namespace lockstep::study
