#include <filesystem>

#include "base/file.hpp"
#include "study/launch/remains.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_remains {

using namespace lockstep;
using study::Remains;
namespace fs = std::filesystem;

TEST_CASE("a result is told of where the run has left it, not one that was there before") {
    const support::TemporaryFolder folder;
    scenario::Config config;
    config.out = folder.path.string();
    const std::string told = "what it had come to is in " + (folder.path / "result.json").string();
    const Remains at_first(config);
    CHECK(at_first.told().empty());
    CHECK(at_first.told_after("it failed") == "it failed");
    base::write_file_atomically(folder.path / "result.json", "{}");
    CHECK(at_first.told() == told);
    CHECK(at_first.told_after("it failed") == "it failed; " + told);
    const Remains then(config);
    CHECK(then.told().empty());
    base::write_file_atomically(folder.path / "result.json", "{}");
    CHECK(then.told() == told);
}

TEST_CASE("a run with checkpoints goes on from one, where there is one") {
    const support::TemporaryFolder folder;
    scenario::Config config;
    config.checkpoint = folder.path.string();
    const Remains remains(config);
    CHECK(remains.told().empty());
    base::write_file_atomically(folder.path / "checkpoint-3.lockstep", "");
    CHECK(remains.told() == "go on with: lockstep resume " + folder.path.string());
    CHECK(Remains(scenario::Config{}).told().empty());
}

}  // namespace test_remains
