#include "study/report/request.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr const char* usual_file = "report.html";
constexpr double widest_tolerance_percent = 100;

void require_folders(const ReportRequest& request) {
    if (request.diff && request.folders.size() != 2)
        throw InputError("--diff", fmt::format("{} folders", request.folders.size()),
                         "two: of a simulated and of a measured run",
                         "write lockstep report --diff SIM REAL");
    if (request.folders.empty())
        throw InputError(
            "RUN: the folder is missing; allowed: what --out of a run, sweep, comparison or validation has "
            "filled; write lockstep report RUN...");
}

}  // namespace

ReportRequest report_request(const Request& words) {
    ReportRequest request;
    request.folders.assign(words.operands.begin(), words.operands.end());
    request.title = words.value("title");
    if (words.is_set("partial")) request.parts = Parts::what_is_usable;
    request.diff = words.is_set("diff");
    require_folders(request);
    const std::string& tolerance = words.value("tolerance");
    if (!tolerance.empty() && !request.diff)
        throw InputError("--tolerance: it applies only with --diff; leave it out");
    if (!tolerance.empty())
        request.tolerance_percent =
            option::parse_positive_real("--tolerance", tolerance, widest_tolerance_percent,
                                        "a number of per cent above 0 and at most 100");
    request.out = words.value("out");
    if (std::filesystem::is_directory(request.out))
        throw InputError("--out", request.out.string(), "the name of an HTML file",
                         "it is a folder; name a file in it");
    if (request.out.empty() && !request.diff) request.out = usual_file;
    return request;
}

}  // namespace lockstep::study
