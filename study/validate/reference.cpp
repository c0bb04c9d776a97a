#include "study/validate/reference.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "data/source.hpp"
#include "result/json.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/run_folder.hpp"
#include "study/same_data.hpp"
#include "study/validate/request.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Option;

/// The platform is what is validated; all else must be the same.
bool must_agree(const Option& option, const Config& config) {
    return !scenario::decides_nothing(option.group) && concerns_real_runs(option, config) &&
           scenario::applies(option.key, config);
}

void require_same_configuration(const Config& measured, const Config& scenario, const std::string& file) {
    for (const Option& option : scenario::options()) {
        if (!must_agree(option, scenario) ||
            comparable_text(option, measured) == comparable_text(option, scenario))
            continue;
        throw InputError(fmt::format("{}: config.{}", file, option.key), option.kind.get(measured),
                         fmt::format("'{}', as in the scenario", option.kind.get(scenario)),
                         "give the configuration of the measured runs, or take those of this one");
    }
    if (measured.numerics == scenario::Numerics::none)
        throw InputError(fmt::format("{}: config.numerics", file), "none", "real",
                         "a run without arithmetic has neither accuracy nor parameters");
}

void require_same_data(const result::Result& measured, const Config& scenario, const std::string& file) {
    const std::string theirs = without_place(measured.provenance.data_description);
    if (theirs.empty()) return;
    const std::string ours = without_place(
        data::describe(scenario.data, scenario.train_samples, scenario.test_samples, scenario.seed));
    if (ours.empty() || theirs == ours) return;
    throw InputError(fmt::format("{}: provenance.data_description", file), theirs,
                     fmt::format("'{}', as in {}", ours, scenario.data),
                     "name the data of the measured runs with --data");
}

}  // namespace

void require_measurement(const result::Result& result, const std::string& source) {
    const result::Summary& summary = result.summary;
    if (result.provenance.oversubscribed)
        throw InputError(fmt::format("{}: provenance.oversubscribed", source), "true", "false",
                         "more ranks than cores were spinning, so that the times mean nothing; measure with "
                         "fewer workers, more cores or emulated processors");
    if (summary.outcome == result::Outcome::stalled)
        throw InputError(fmt::format("{}: summary.outcome", source), "stalled", "a run that ended",
                         "a standstill has no times");
    if (summary.outcome == result::Outcome::interrupted)
        throw InputError(fmt::format("{}: summary.outcome", source), "interrupted", "a run that ended",
                         "go on with it (lockstep resume), then compare");
    if (summary.outcome == result::Outcome::aborted)
        throw InputError(fmt::format("{}: summary.outcome", source), "aborted", "a run that ended",
                         "it lost a rank; measure again");
    if (!(summary.elapsed_s > 0) || !std::isfinite(summary.elapsed_s))
        throw InputError(fmt::format("{}: summary.elapsed_s", source), fmt::format("{}", summary.elapsed_s),
                         "a time above 0", "the run has measured nothing");
    if (result.workers.size() != scenario::rank_count(result.config))
        throw InputError(fmt::format("{}: workers", source), fmt::format("{} ranks", result.workers.size()),
                         fmt::format("{}, as its config says", scenario::rank_count(result.config)),
                         "the file is damaged");
}

std::vector<Run> read_references(std::span<const std::filesystem::path> folders, const Config& scenario) {
    std::vector<Run> runs;
    for (const std::filesystem::path& folder : folders) {
        require_kind(folder, FolderKind::run);
        const std::string file = (folder / "result.json").string();
        Run& run = runs.emplace_back();
        run.name = folder.string();
        run.result = result::from_json(base::read_file(file, base::most_of_json), file);
        run.config = run.result->config;
        require_same_configuration(run.config, scenario, file);
        require_same_data(*run.result, scenario, file);
        require_measurement(*run.result, file);
        const std::string& world = run.result->provenance.world;
        const std::string& first = runs.front().result->provenance.world;
        if (world != first)
            throw InputError(fmt::format("{}: provenance.world", file), world,
                             fmt::format("{}, as in {}", first, runs.front().name),
                             "measured and simulated results are no runs of one thing");
    }
    if (runs.front().result->provenance.world == "real") require_no_simulated_events(scenario);
    return runs;
}

}  // namespace lockstep::study
