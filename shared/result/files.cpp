#include "result/files.hpp"

#include <deque>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temporary_file.hpp"
#include "events/file.hpp"
#include "result/csv.hpp"
#include "result/json.hpp"

namespace lockstep::result {
namespace {

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
    base::remove_leftovers(folder);
    std::deque<base::FileInPieces> files;
    const auto stage = [&](const char* name, const std::string& content) {
        base::FileInPieces& file = files.emplace_back(folder / name);
        file.write(content);
        file.complete();
    };
    stage("history.csv", history_csv(result));
    if (!result.updates.empty()) stage("updates.csv", updates_csv(result));
    if (!result.activities.empty()) stage("activities.csv", activities_csv(result));
    stage("result.json", to_json(result));
    remove_older(result, folder);
    for (base::FileInPieces& file : files) file.commit();
}

}  // namespace lockstep::result
