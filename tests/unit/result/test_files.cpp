#include <filesystem>
#include <set>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temporary_file.hpp"
#include "result/csv.hpp"
#include "result/files.hpp"
#include "result/json.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_files {

using namespace lockstep;
using namespace lockstep::result;
namespace fs = std::filesystem;

namespace {

using support::TemporaryFolder;

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("a run is written into a folder that need not exist, and nothing else is") {
    const TemporaryFolder folder;
    const fs::path out = folder.path / "new" / "deep";
    const Result result = sample_result();
    write_run(result, out);
    CHECK(names_in(out) == Names{"result.json", "history.csv", "updates.csv"});
    CHECK(base::read_file(out / "result.json") == to_json(result));
    CHECK(base::read_file(out / "history.csv") == history_csv(result));
    CHECK(base::read_file(out / "updates.csv") == updates_csv(result));
}

TEST_CASE("without recorded updates there is no updates.csv, not even an older run's") {
    const TemporaryFolder folder;
    Result result = sample_result();
    write_run(result, folder.path);
    result.updates.clear();
    write_run(result, folder.path);
    CHECK(names_in(folder.path) == Names{"result.json", "history.csv"});
}

TEST_CASE("where one file cannot be put in place, temporary files go and the error names the file") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path / "result.json" / "child");
    CHECK_THROWS_AS(write_run(sample_result(), folder.path), base::EnvironmentError);
    CHECK_THROWS_WITH(write_run(sample_result(), folder.path),
                      Catch::Matchers::ContainsSubstring("result.json"));
    for (const std::string& name : names_in(folder.path)) CHECK(name.front() != '.');
}

TEST_CASE("what runs that were killed have left half written is removed") {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        base::make_temporary_beside(folder.path / "result.json");
        ::_exit(0);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(names_in(folder.path).size() == 1);
    write_run(sample_result(), folder.path);
    CHECK(names_in(folder.path) == Names{"result.json", "history.csv", "updates.csv"});
}

TEST_CASE("a folder that cannot be made is the environment's error") {
    const TemporaryFolder folder;
    base::write_file_atomically(folder.path / "file", "x");
    CHECK_THROWS_AS(write_run(sample_result(), folder.path / "file" / "below"), base::EnvironmentError);
}

}  // namespace test_files
