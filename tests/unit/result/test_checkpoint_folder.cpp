#include <filesystem>
#include <set>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temporary_file.hpp"
#include "result/checkpoint_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_checkpoint_folder {

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;
using support::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

Checkpoint numbered(std::uint64_t number) {
    Checkpoint checkpoint;
    checkpoint.world = "real";
    checkpoint.number = number;
    checkpoint.elapsed_s = static_cast<double>(number);
    checkpoint.ranks = {{std::byte{1}}, {std::byte{2}, std::byte{3}}};
    return checkpoint;
}

void write_all(const fs::path& folder, std::initializer_list<std::uint64_t> numbers) {
    for (const std::uint64_t number : numbers) write_checkpoint(folder, numbered(number));
}

void damage(const fs::path& folder, std::uint64_t number) {
    const fs::path file = checkpoint_file(folder, number);
    fs::resize_file(file, fs::file_size(file) - 1);
}

/// What a process leaves that ends while it writes a checkpoint.
void leave_half_written(const fs::path& folder, std::uint64_t number) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        base::make_temporary_beside(checkpoint_file(folder, number));
        ::_exit(0);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
}

}  // namespace

TEST_CASE("the newest checkpoint of a folder is found, and the one before it kept") {
    const TemporaryFolder folder;
    const fs::path run = folder.path / "new" / "deep";
    write_all(run, {1});
    CHECK(newest_checkpoint(run)->checkpoint == numbered(1));
    write_all(run, {2, 9, 10});
    CHECK_FALSE(fs::exists(run / "checkpoint-2.lockstep"));
    CHECK(fs::exists(run / "checkpoint-9.lockstep"));
    const auto found = newest_checkpoint(run);
    REQUIRE(found);
    CHECK(found->file == run / "checkpoint-10.lockstep");
    CHECK(found->checkpoint == numbered(10));
    CHECK(found->passed_over.empty());
}

TEST_CASE("a folder that is missing or has none has no checkpoint") {
    const TemporaryFolder folder;
    CHECK_FALSE(newest_checkpoint(folder.path / "none"));
    CHECK_FALSE(newest_checkpoint(folder.path));
    base::write_file_atomically(folder.path / "file", "");
    CHECK_THROWS_WITH(newest_checkpoint(folder.path / "file"),
                      ContainsSubstring("file: cannot list: Not a directory"));
}

TEST_CASE("where the newest is damaged the one before is taken, and why is told") {
    const TemporaryFolder folder;
    write_all(folder.path, {1, 2, 3});
    damage(folder.path, 3);
    const auto found = newest_checkpoint(folder.path);
    REQUIRE(found);
    CHECK(found->checkpoint == numbered(2));
    CHECK_THAT(found->passed_over,
               ContainsSubstring("checkpoint-3.lockstep: given 'a checkpoint that was cut off"));
    CHECK(found->passed_over.find('\n') == std::string::npos);

    write_all(folder.path, {3});
    CHECK(newest_checkpoint(folder.path)->checkpoint == numbered(3));
    CHECK(folder.names() == Names{"checkpoint-2.lockstep", "checkpoint-3.lockstep"});
}

TEST_CASE("where all are damaged, what is wrong with the newest is told") {
    const TemporaryFolder folder;
    write_all(folder.path, {1, 2});
    damage(folder.path, 1);
    base::write_file_atomically(checkpoint_file(folder.path, 2), "");
    CHECK_THROWS_AS(newest_checkpoint(folder.path), base::InputError);
    CHECK_THROWS_WITH(newest_checkpoint(folder.path),
                      ContainsSubstring("checkpoint-2.lockstep: given ''; allowed: a file that begins with"));
}

TEST_CASE("nothing older is taken for a checkpoint of another version") {
    const TemporaryFolder folder;
    write_all(folder.path, {1, 2});
    base::write_file_atomically(checkpoint_file(folder.path, 2), "lockstep checkpoint 2\n");
    CHECK_THROWS_AS(newest_checkpoint(folder.path), OtherCheckpointFormat);
}

TEST_CASE("a checkpoint under another's name is not taken for that one") {
    const TemporaryFolder folder;
    write_all(folder.path, {1, 2});
    fs::copy_file(checkpoint_file(folder.path, 1), checkpoint_file(folder.path, 7));
    const auto found = newest_checkpoint(folder.path);
    REQUIRE(found);
    CHECK(found->checkpoint == numbered(2));
    CHECK_THAT(found->passed_over,
               ContainsSubstring("given 'checkpoint 1'; allowed: checkpoint 7, as its name says"));
}

TEST_CASE("those of an earlier run go with the first checkpoint of another") {
    const TemporaryFolder folder;
    write_all(folder.path, {8, 9, 1});
    CHECK(folder.names() == Names{"checkpoint-1.lockstep"});
}

TEST_CASE("other files are neither read nor removed") {
    const TemporaryFolder folder;
    const Names others{"checkpoint-.lockstep",
                       "checkpoint-01.lockstep",
                       "checkpoint-99999999999999999999.lockstep",
                       "checkpoint-4.lockstep.old",
                       "checkpoint-x.lockstep",
                       "checkpoint--1.lockstep",
                       "my-checkpoint-4.lockstep",
                       "result.json"};
    for (const std::string& name : others) base::write_file_atomically(folder.path / name, "x");
    CHECK_FALSE(newest_checkpoint(folder.path));
    write_all(folder.path, {1, 2, 3});
    CHECK(newest_checkpoint(folder.path)->checkpoint == numbered(3));
    CHECK(folder.names().size() == others.size() + 2);
    remove_checkpoints(folder.path);
    CHECK(folder.names() == others);
    remove_checkpoints(folder.path / "none");
}

TEST_CASE("what a process has left half written is no checkpoint, and goes with the next one") {
    const TemporaryFolder folder;
    leave_half_written(folder.path, 2);
    CHECK(folder.names().size() == 1);
    CHECK_FALSE(newest_checkpoint(folder.path));
    write_all(folder.path, {1});
    CHECK(folder.names() == Names{"checkpoint-1.lockstep"});
}

TEST_CASE("a checkpoint that cannot be written leaves those that are there") {
    const TemporaryFolder folder;
    write_all(folder.path, {1, 2});
    fs::create_directories(checkpoint_file(folder.path, 3) / "child");
    CHECK_THROWS_AS(write_checkpoint(folder.path, numbered(3)), base::EnvironmentError);
    CHECK_THROWS_WITH(write_checkpoint(folder.path, numbered(3)),
                      ContainsSubstring("checkpoint-3.lockstep: cannot write"));
    CHECK(folder.names() == Names{"checkpoint-1.lockstep", "checkpoint-2.lockstep", "checkpoint-3.lockstep"});
    CHECK(newest_checkpoint(folder.path)->checkpoint == numbered(2));
    write_all(folder.path, {4});
    CHECK(folder.names() == Names{"checkpoint-2.lockstep", "checkpoint-3.lockstep", "checkpoint-4.lockstep"});

    base::write_file_atomically(folder.path / "file", "x");
    CHECK_THROWS_AS(write_checkpoint(folder.path / "file" / "below", numbered(1)), base::EnvironmentError);
}

}  // namespace test_checkpoint_folder
