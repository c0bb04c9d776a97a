#include "study/trace/command.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/program.hpp"
#include "study/manual/request.hpp"
#include "study/trace/chrome_trace.hpp"
#include "study/trace/span_table.hpp"

namespace lockstep::study {
namespace {

void write(const RunFolder& run, std::string_view format, Sink sink) {
    if (format == "csv")
        write_span_table(*run.timeline, sink);
    else
        write_chrome_trace(run, sink);
}

}  // namespace

int run_trace(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("trace"), arguments);
    if (!request) return 0;
    const std::string& folder = only_operand(*request, "the run's folder", "lockstep trace DIR");
    const bool is_partial = request->is_set("partial");
    const RunFolder run = read_run_folder(folder, is_partial ? Parts::what_is_usable : Parts::all_or_nothing);
    for (const std::string& problem : run.problems)
        base::print_message(fmt::format("lockstep: warning: {}", problem));
    require_timeline(run);
    const std::string& out = request->value("out");
    if (out.empty()) {
        write(run, request->value("format"), [](std::string_view piece) { base::print_to_stdout(piece); });
        return 0;
    }
    base::FileInPieces file(out);
    write(run, request->value("format"), [&](std::string_view piece) { file.write(piece); });
    file.commit();
    return 0;
}

}  // namespace lockstep::study
