#include "study/sweep/folder.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "result/json.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

/// The process that began a file `.NAME.PID.tmp` (base/file.hpp), or 0 where it is none of these.
pid_t writer_of(const fs::path& file) {
    constexpr std::string_view suffix = ".tmp";
    const std::string name = file.filename().string();
    if (!name.starts_with('.') || !name.ends_with(suffix)) return 0;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - suffix.size());
    const std::string_view number = stem.substr(stem.rfind('.') + 1);
    pid_t writer = 0;
    const auto [rest, problem] = std::from_chars(number.data(), number.data() + number.size(), writer);
    return problem == std::errc{} && rest == number.data() + number.size() ? writer : 0;
}

/// Removes temporary files of these names (all where it is empty) from a folder in which only sweeps write.
void remove_leftovers(const fs::path& folder, std::string_view name = {}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const bool is_named = entry.path().filename().string().starts_with(fmt::format(".{}", name));
        if (is_named && writer_of(entry.path()) > 0) fs::remove(entry.path(), ignored);
    }
}

/// The same of a folder in which any run may be writing, also a child that a killed sweep left behind.
void remove_leftovers_of_the_dead(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const pid_t writer = writer_of(entry.path());
        if (writer > 0 && ::kill(writer, 0) != 0 && errno == ESRCH) fs::remove(entry.path(), ignored);
    }
}

}  // namespace

fs::path SweepRuns::file(const std::string& id) const {
    return path_ / "runs" / (id + ".json");
}

fs::path SweepRuns::events(const std::string& id) const {
    return path_ / "runs" / id;
}

std::optional<result::Result> SweepRuns::find(const std::string& id, scenario::Events events) const {
    const fs::path file = this->file(id);
    std::error_code ignored;
    const bool has_summary = fs::exists(this->events(id) / "activities.csv", ignored);
    const bool has_all = has_summary && fs::exists(this->events(id) / "events", ignored);
    if (events == scenario::Events::summary && !has_summary) return std::nullopt;
    if (events == scenario::Events::full && !has_all) return std::nullopt;
    if (!fs::exists(file, ignored)) return std::nullopt;
    try {
        return result::from_json(base::read_file(file), file.string());
    } catch (const base::Error&) {
        return std::nullopt;  // damaged: it is run again and replaced
    }
}

SweepFolder::SweepFolder(fs::path folder) : SweepRuns(std::move(folder)), lock_("--out", path()) {
    std::error_code problem;
    fs::create_directory(path() / "runs", problem);
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot create: {}", (path() / "runs").string(), problem.message()));
    for (const char* name : {"sweep.csv", "summary.csv"}) remove_leftovers(path(), name);
    remove_leftovers(path() / "runs");
    remove_leftovers_of_the_dead(data());
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
    base::write_file_atomically(file(id), base::read_file(from.file(id)));
}

bool SweepFolder::has_other_table(const std::string& header) const {
    std::ifstream file(path() / "sweep.csv");
    std::string line;
    return std::getline(file, line) && line + '\n' != header;
}

void SweepFolder::write(const std::string& name, const std::string& content) const {
    base::write_file_atomically(path() / name, content);
}

}  // namespace lockstep::study
