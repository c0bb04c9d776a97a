#include <filesystem>
#include <string>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"

using namespace lockstep::base;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone at the end of the test.
struct TemporaryFolder {
    fs::path path;
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "lockstep-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { fs::remove_all(path); }
    std::ptrdiff_t entries() const {
        return std::distance(fs::directory_iterator(path), fs::directory_iterator());
    }
};

}  // namespace

TEST_CASE("what is written is read back, bytes and all, with nothing left beside it") {
    const TemporaryFolder folder;
    const std::string content("a\0b\r\n\xff", 6);
    write_file_atomically(folder.path / "file", content);
    CHECK(read_file(folder.path / "file") == content);
    CHECK(folder.entries() == 1);
    write_file_atomically(folder.path / "file", "new");
    CHECK(read_file(folder.path / "file") == "new");
    CHECK(folder.entries() == 1);
}

TEST_CASE("reading what is missing or a folder is the user's error and names it") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(read_file(folder.path / "none"), InputError);
    CHECK_THROWS_WITH(read_file(folder.path / "none"), Contains("none") && Contains("No such file"));
    CHECK_THROWS_WITH(read_file(folder.path), Contains(folder.path.string()) && Contains("a folder"));
}

TEST_CASE("a failed write is the environment's error, names the file and keeps the old one") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_file_atomically(folder.path / "none" / "file", "x"), EnvironmentError);
    CHECK_THROWS_WITH(write_file_atomically(folder.path / "none" / "file", "x"), Contains("none/file"));
    fs::create_directories(folder.path / "taken" / "child");
    CHECK_THROWS_AS(write_file_atomically(folder.path / "taken", "x"), EnvironmentError);
    CHECK(folder.entries() == 1);
}

TEST_CASE("a folder is proved writable without leaving a trace") {
    const TemporaryFolder folder;
    require_writable_folder("--out", folder.path);
    require_writable_folder("--out", folder.path / "new" / "deep");
    CHECK(folder.entries() == 0);
}

TEST_CASE("a folder that cannot be is refused under the option's name") {
    const TemporaryFolder folder;
    write_file_atomically(folder.path / "file", "x");
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / "file" / "below"), InputError);
    CHECK_THROWS_WITH(
        require_writable_folder("--out", folder.path / "file" / "below"),
        Contains("--out") && Contains("file/below") && Contains("a folder that can be created"));
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / "file"), InputError);
}
