#include "study/fit/command.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/process/program.hpp"
#include "study/fit/output.hpp"
#include "study/fit/platform.hpp"
#include "study/launch/output_folder.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

std::string rendered(const ClusterFit& fit, const FitRequest& request,
                     std::span<const Prediction> predictions) {
    switch (request.format) {
        case scenario::Format::json:
            return to_json(fit, request, predictions);
        case scenario::Format::csv:
            return to_csv(fit, request, predictions);
        case scenario::Format::table:
            return to_text(fit, request, predictions);
    }
    return {};
}

void keep(const ClusterFit& fit, const FitRequest& request, std::span<const Prediction> predictions) {
    if (request.out.empty()) return;
    const fs::path out = request.out;
    for (const FittedPlatform& platform : platforms_of(fit, request.file, date_of_file(request.file)))
        base::write_file_atomically(out / platform.file_name, platform.json);
    base::write_file_atomically(out / "predictions.csv", to_csv(fit, request, predictions));
    base::write_file_atomically(out / "fit.json", to_json(fit, request, predictions));
}

}  // namespace

int run_fit(std::span<const std::string> arguments) {
    const auto words = read_request(page_of("fit"), arguments);
    if (!words) return 0;
    const std::string& file = only_operand(*words, "the table of runs", "lockstep fit runs.csv");
    const MeasuredRuns measured = read_measured_runs(file);
    const FitRequest request = parse_fit_request(*words, measured);
    const ClusterFit fit = fit_cluster(measured, request.collective, request.workers);
    for (const std::string& warning : warnings_of(fit))
        base::print_message(fmt::format("lockstep: warning: {}", warning));
    const std::vector<PredictionRequest> asked = parse_predictions(request.predictions, measured, fit);
    const Launcher launcher(World::simulated);
    if (!request.out.empty()) base::require_writable_folder("--out", request.out);
    OutputFolder folder(request.out);
    const std::vector<Prediction> predictions = predict(asked, request, fit, launcher);
    keep(fit, request, predictions);
    folder.close();
    base::print_to_stdout(rendered(fit, request, predictions));
    return 0;
}

}  // namespace lockstep::study
