#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/machine.hpp"
#include "base/temporary_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_temporary_file {

using namespace lockstep::base;
namespace fs = std::filesystem;

namespace {

using lockstep::support::TemporaryFolder;

void touch(const TemporaryFolder& folder, const std::string& name) {
    std::ofstream(folder.path / name) << "half";
}

/// What a process leaves that ends while it writes.
void leave_behind(const fs::path& path, bool in_folder = false) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        make_temporary_beside(in_folder ? make_temporary_folder(path) / "name" : path);
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
}

}  // namespace

TEST_CASE("whoever asks for a temporary file has one of its own") {
    const TemporaryFolder folder;
    constexpr int threads = 4;
    constexpr int files = 50;
    {
        std::vector<std::jthread> all;
        for (int i = 0; i < threads; ++i)
            all.emplace_back([&] {
                for (int k = 0; k < files; ++k) make_temporary_beside(folder.path / "name");
            });
    }
    CHECK(folder.names().size() == threads * files);
    for (const std::string& name : folder.names()) {
        CHECK(name.starts_with(".name."));
        CHECK(is_temporary(name));
    }
}

TEST_CASE("two that write one file at a time leave one of the two contents, whole") {
    const TemporaryFolder folder;
    FileInPieces first(folder.path / "name");
    FileInPieces second(folder.path / "name");
    first.write("one");
    second.write("another");
    first.complete();
    CHECK_FALSE(fs::exists(folder.path / "name"));
    first.commit();
    CHECK(read_file(folder.path / "name") == "one");
    second.commit();
    CHECK(read_file(folder.path / "name") == "another");
    CHECK(folder.names() == std::set<std::string>{"name"});
}

TEST_CASE("a temporary file has the permissions of any other") {
    const TemporaryFolder folder;
    touch(folder, "other");
    write_file_atomically(folder.path / "name", "x");
    CHECK(fs::status(folder.path / "name").permissions() == fs::status(folder.path / "other").permissions());
}

TEST_CASE("what has no such name is no temporary file") {
    CHECK(is_temporary("folder/.result.json.0123abcd-77-0.tmp"));
    for (const char* name :
         {"result.json.0123abcd-77-0.tmp", ".result.json.0123abcd-77-0", ".result.json.77.tmp",
          ".result.json.0123abcd-77.tmp", ".result.json.0123abcd--0.tmp", ".notes.tmp", ".tmp",
          ".result.json.0123abcd-7x-0.tmp", ".result.json.0123-77-0.tmp", "."}) {
        CAPTURE(name);
        CHECK_FALSE(is_temporary(name));
    }
}

TEST_CASE("what a process of this machine has left is removed once it is gone, and nothing else") {
    const TemporaryFolder folder;
    leave_behind(folder.path / "name");
    leave_behind(folder.path / "name");
    CHECK(folder.names().size() == 2);
    const fs::path own = make_temporary_beside(folder.path / "name");
    std::string elsewhere = own.filename().string();
    elsewhere.replace(elsewhere.rfind('.', elsewhere.size() - 5) + 1, 8, "elsewher");
    const std::set<std::string> kept{own.filename().string(), elsewhere, ".name.77.tmp", "name"};
    for (const std::string& name : kept) touch(folder, name);
    remove_leftovers(folder.path);
    CHECK(folder.names() == kept);
    remove_leftovers(folder.path / "none");
}

TEST_CASE("a temporary folder is this user's alone, and what a process has left goes with all in it") {
    const TemporaryFolder folder;
    const fs::path first = make_temporary_folder(folder.path / "name");
    const fs::path second = make_temporary_folder(folder.path / "name");
    CHECK(first != second);
    CHECK(is_temporary(first));
    CHECK(fs::status(first).permissions() == fs::perms::owner_all);
    leave_behind(folder.path / "name", true);
    CHECK(folder.names().size() == 3);
    remove_leftovers(folder.path);
    CHECK(folder.names() == std::set<std::string>{first.filename().string(), second.filename().string()});
    CHECK_THROWS_WITH(make_temporary_folder(folder.path / "none" / "name"),
                      Catch::Matchers::ContainsSubstring("failed: No such file"));
}

TEST_CASE("what a machine of the same name has left is not taken for one's own") {
    if (boot_id().empty()) return;
    const TemporaryFolder folder;
    const std::string processes = fs::read_symlink("/proc/self/ns/pid").string();
    const std::string of_the_name = digest_of_bytes(host_name() + processes).substr(0, 8);
    const std::string own = make_temporary_beside(folder.path / "name").filename().string();
    CHECK(own.find(of_the_name) == std::string::npos);
}

TEST_CASE("where no temporary file can be made, opening it tells why") {
    const TemporaryFolder folder;
    const fs::path file = make_temporary_beside(folder.path / "none" / "name");
    CHECK_FALSE(fs::exists(file));
    FileInPieces pieces(folder.path / "none" / "name");
    CHECK_THROWS_WITH(pieces.complete(),
                      Catch::Matchers::ContainsSubstring("none/name: cannot write: No such file"));
    CHECK_THROWS_AS(pieces.commit(), EnvironmentError);
}

}  // namespace test_temporary_file
