#include "run/command.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/build_info.hpp"
#include "base/file.hpp"
#include "base/process/machine.hpp"
#include "base/process/parallel_start.hpp"
#include "model/products.hpp"
#include "result/csv.hpp"
#include "result/files.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "scenario/calibration_file.hpp"

namespace lockstep::run {

namespace {

/// Days from one moment of utc_now() to another.
double days_between(const std::string& earlier_utc, const std::string& later_utc) {
    const auto seconds = [](const std::string& text) {
        std::tm time{};
        ::strptime(text.c_str(), "%FT%TZ", &time);
        return static_cast<double>(::timegm(&time));
    };
    constexpr double day_s = 86400;
    return (seconds(later_utc) - seconds(earlier_utc)) / day_s;
}

void add_calibration(result::Provenance& provenance, const scenario::Config& config) {
    if (provenance.world != "simulated" || !scenario::is_calibrated(config)) return;
    const scenario::CalibrationFile calibration = scenario::read_calibrations(config);
    provenance.calibrated = true;
    provenance.calibration_host = calibration.host;
    provenance.calibration_age_days = days_between(calibration.measured_utc, provenance.started_utc);
    provenance.calibration_changes = scenario::changed_since_calibration(config, calibration);
}

}  // namespace

void add_provenance(result::Result& result, std::string_view world, std::string_view started_utc,
                    double wall_s) {
    result::Provenance& provenance = result.provenance;
    provenance.world = world;
    provenance.lockstep_version = base::version();
    provenance.git_revision = base::git_revision();
    provenance.compiler = base::compiler();
    provenance.instruction_set = base::instruction_set();
    provenance.products = model::products_library();
    if (world == "real") provenance.launcher = base::launcher_version();
    provenance.started_utc = started_utc;
    provenance.wall_s = wall_s;
    provenance.host = base::host_name();
    add_calibration(provenance, result.config);
}

std::string utc_now() {
    return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));
}

void deliver(const result::Result& result) {
    if (result.order) result::write_order(*result.order, result.config.record);
    if (!result.config.out.empty()) result::write_run(result, result.config.out);
    switch (result.config.format) {
        case scenario::Format::json:
            return base::print_to_stdout(result::to_json(result));
        case scenario::Format::csv:
            return base::print_to_stdout(result::summary_csv(result));
        case scenario::Format::table:
            return base::print_to_stdout(result::to_text(result));
    }
}

bool wants_progress(const scenario::Config& config) {
    if (config.progress == scenario::Progress::automatic) return ::isatty(STDERR_FILENO) == 1;
    return config.progress == scenario::Progress::always;
}

}  // namespace lockstep::run
