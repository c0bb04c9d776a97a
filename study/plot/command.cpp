#include "study/plot/command.hpp"

#include <cstdio>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/program.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/spawn.hpp"
#include "study/launch/temporary_folder.hpp"
#include "study/manual/request.hpp"
#include "study/plot/figures.hpp"
#include "study/plot/sweep_figure.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

std::vector<RunFolder> read_runs(const Request& request) {
    const Parts parts = request.is_set("partial") ? Parts::what_is_usable : Parts::all_or_nothing;
    std::vector<RunFolder> runs;
    for (const std::string& folder : request.operands) {
        runs.push_back(read_run_folder(folder, parts));
        for (const std::string& problem : runs.back().problems)
            base::print_message(fmt::format("lockstep: warning: {}", problem));
    }
    return runs;
}

void draw(GnuplotScript& script, const Request& request) {
    const std::string& figure = request.value("figure");
    if (figure == "sweep") {
        if (request.is_set("partial"))
            throw InputError(
                "--partial: it does not apply to --figure sweep, which is drawn from a sweep that has ended; "
                "leave it out, or see what there is by lockstep report DIR --partial");
        const std::string& folder = only_operand(request, "the sweep's folder", "lockstep plot DIR");
        return draw_sweep(script, folder, request.value("column"));
    }
    const std::vector<RunFolder> runs = read_runs(request);
    const Against axis = against(request.value("against"));
    if (figure == "accuracy") return draw_accuracy(script, runs, axis);
    if (figure == "loss") return draw_loss(script, runs, axis);
    if (figure == "time-shares") return draw_time_shares(script, runs);
    if (figure == "staleness") return draw_staleness(script, runs);
    if (figure == "updates") return draw_updates(script, runs);
    return draw_timeline(script, runs);
}

/// The figure, which gnuplot writes to its stdout: it does not notice that a disk is full.
std::string drawn(const std::string& gnuplot, const std::string& script) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "figure.gnuplot";
    base::write_file_atomically(file, script);
    const ChildCommand command{{gnuplot, "-d", file.string()}, {}};
    ChildEnd end = run_child(command, Streams::captured);
    if (end.status != 0) throw base::EnvironmentError(fmt::format("gnuplot: {}", failure_of(command, end)));
    return std::move(end.output);
}

void require_complete(const Request& request) {
    if (request.operands.empty())
        throw InputError(
            "the run's folder is missing; write for example lockstep plot DIR --figure accuracy");
    if (request.value("figure").empty())
        throw InputError("--figure is missing; write for example --figure accuracy");
    if (request.value("out").empty() && !request.is_set("script"))
        throw InputError("--out is missing; write for example --out figure.svg, or --script");
}

}  // namespace

int run_plot(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("plot"), arguments);
    if (!request) return 0;
    require_complete(*request);
    const std::string& out = request->value("out");
    const FigureFile kind = out.empty() ? FigureFile::svg : figure_file(out);
    const bool is_drawn = !request->is_set("script");
    GnuplotScript script(kind, is_drawn ? std::string() : out);
    draw(script, *request);
    if (!is_drawn) {
        base::print_to_stdout(script.text());
        return 0;
    }
    const auto gnuplot = program_on_path("gnuplot");
    if (!gnuplot)
        throw base::EnvironmentError(
            "gnuplot is not on PATH; install it (Debian: gnuplot-nox), or take the script by --script");
    base::write_file_atomically(out, drawn(*gnuplot, script.text()));
    return 0;
}

}  // namespace lockstep::study
