#include "result/files.hpp"

#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "events/file.hpp"
#include "result/csv.hpp"
#include "result/json.hpp"

namespace lockstep::result {
namespace {

struct Staged {
    std::filesystem::path temporary;
    std::filesystem::path path;
};

void remove_temporaries(const std::vector<Staged>& files) {
    std::error_code ignored;
    for (const Staged& file : files) std::filesystem::remove(file.temporary, ignored);
}

void require(const std::error_code& problem, const std::filesystem::path& path) {
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), problem.message()));
}

/// What the result has not, an earlier one may have left.
void remove_older(const Result& result, const std::filesystem::path& folder) {
    std::error_code ignored;
    if (result.updates.empty()) std::filesystem::remove(folder / "updates.csv", ignored);
    if (result.activities.empty()) std::filesystem::remove(folder / "activities.csv", ignored);
    if (result.config.events != scenario::Events::full) events::remove_event_files(folder);
}

}  // namespace

void write_run(const Result& result, const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    require(problem, folder);
    std::vector<Staged> files;
    const auto stage = [&](const std::string& name, const std::string& content) {
        files.push_back({folder / ("." + name + ".new"), folder / name});
        base::write_file_atomically(files.back().temporary, content);
    };
    try {
        stage("history.csv", history_csv(result));
        if (!result.updates.empty()) stage("updates.csv", updates_csv(result));
        if (!result.activities.empty()) stage("activities.csv", activities_csv(result));
        stage("result.json", to_json(result));
        remove_older(result, folder);
        for (const Staged& file : files) {
            std::filesystem::rename(file.temporary, file.path, problem);
            require(problem, file.path);
        }
    } catch (...) {
        remove_temporaries(files);
        throw;
    }
}

}  // namespace lockstep::result
