#include "study/sweep/folder.hpp"

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/temporary_file.hpp"
#include "result/json.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/result_option.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

/// Removes temporary files of these names (all where it is empty) from a folder in which only sweeps write.
void remove_temporaries(const fs::path& folder, std::string_view name = {}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const bool is_named = entry.path().filename().string().starts_with(fmt::format(".{}", name));
        if (is_named && base::is_temporary(entry.path())) fs::remove(entry.path(), ignored);
    }
}

/// Whether the option's value is part of what the run is.
bool is_part_of(const SweepRun& run, const scenario::Option& option) {
    return determines_result(option) &&
           scenario::has_use_for(option, scenario::World::simulated, run.config) &&
           scenario::applies(option.key, run.config);
}

/// Errors: InputError where the file holds no result, or that of a run with another configuration.
result::Result read_result_of(const SweepRun& run, const fs::path& file) {
    result::Result result = result::from_json(base::read_file(file, base::most_of_json), file.string());
    for (const scenario::Option& option : scenario::options()) {
        if (!is_part_of(run, option)) continue;
        const std::string found = option.kind.get(result.config);
        const std::string expected = option.kind.get(run.config);
        if (found != expected)
            throw base::InputError(fmt::format("{}: config.{}", file.string(), option.key), found,
                                   fmt::format("'{}', as in the run of that name", expected),
                                   "it is of another run");
    }
    return result;
}

}  // namespace

fs::path SweepRuns::file(const std::string& id) const {
    return path_ / "runs" / (id + ".json");
}

fs::path SweepRuns::events(const std::string& id) const {
    return path_ / "runs" / id;
}

KeptRun SweepRuns::find(const SweepRun& run, scenario::Events events) const {
    const fs::path kept = file(run.id);
    const fs::path folder = this->events(run.id);
    std::error_code ignored;
    const bool has_summary =
        fs::exists(folder / "activities.csv", ignored) && fs::exists(folder / "result.json", ignored);
    const bool has_all = has_summary && fs::exists(folder / "events", ignored);
    if (events == scenario::Events::summary && !has_summary) return {};
    if (events == scenario::Events::full && !has_all) return {};
    if (!fs::exists(kept, ignored)) return {};
    try {
        if (events != scenario::Events::none) read_result_of(run, folder / "result.json");
        return {read_result_of(run, kept), {}};
    } catch (const base::Error& problem) {
        return {std::nullopt, problem.what()};
    }
}

SweepFolder::SweepFolder(fs::path folder) : SweepRuns(std::move(folder)), lock_("--out", path()) {
    std::error_code problem;
    fs::create_directory(path() / "runs", problem);
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot create: {}", (path() / "runs").string(), problem.message()));
    for (const char* name : {"sweep.csv", "summary.csv"}) remove_temporaries(path(), name);
    remove_temporaries(path() / "runs");
    base::remove_leftovers(data());
}

void SweepFolder::remove_if_empty() const {
    std::error_code ignored;
    if (!fs::is_empty(path() / "runs", ignored) || fs::exists(path() / "sweep.csv", ignored)) return;
    for (const fs::path& file : {path() / "runs", data()}) fs::remove(file, ignored);
}

fs::path SweepFolder::data() const {
    return path() / "data";
}

void SweepFolder::keep(const std::string& id, result::Result result) const {
    const scenario::Config defaults;
    result.config.format = defaults.format;
    result.config.progress = defaults.progress;
    result.config.threads = defaults.threads;
    result.config.data_cache = defaults.data_cache;
    result.config.events = defaults.events;
    result.config.out = defaults.out;
    result.provenance.host.clear();
    result.provenance.started_utc.clear();
    result.provenance.wall_s = 0;
    base::write_file_atomically(file(id), result::to_json(result));
}

void SweepFolder::copy(const std::string& id, const SweepRuns& from, scenario::Events events) const {
    std::error_code problem;
    if (events != scenario::Events::none) {
        fs::copy(from.events(id), this->events(id),
                 fs::copy_options::recursive | fs::copy_options::overwrite_existing, problem);
        if (problem)
            throw base::EnvironmentError(
                fmt::format("{}: cannot copy: {}", from.events(id).string(), problem.message()));
    }
    base::write_file_atomically(file(id), base::read_file(from.file(id), base::most_of_json));
}

bool SweepFolder::has_other_table(const std::string& header) const {
    std::ifstream file(path() / "sweep.csv");
    std::string found(header.size(), '\0');
    file.read(found.data(), static_cast<std::streamsize>(found.size()));
    return file.gcount() > 0 && found != header;
}

void SweepFolder::write(const std::string& name, const std::string& content) const {
    base::write_file_atomically(path() / name, content);
}

}  // namespace lockstep::study
