#include <array>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lockstep::base;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

using lockstep::support::TemporaryFolder;

}  // namespace

TEST_CASE("what is written is read back, bytes and all, with nothing left beside it") {
    const TemporaryFolder folder;
    const std::string content("a\0b\r\n\xff", 6);
    write_file_atomically(folder.path / "file", content);
    CHECK(read_file(folder.path / "file") == content);
    CHECK(folder.names().size() == 1);
    write_file_atomically(folder.path / "file", "new");
    CHECK(read_file(folder.path / "file") == "new");
    CHECK(folder.names().size() == 1);
}

TEST_CASE("writing follows links, and leaves a device or pipe what it is") {
    const TemporaryFolder folder;
    write_file_atomically(folder.path / "target", "old");
    fs::create_symlink("target", folder.path / "link");
    write_file_atomically(folder.path / "link", "new");
    CHECK(fs::is_symlink(folder.path / "link"));
    CHECK(read_file(folder.path / "target") == "new");

    const fs::path pipe = folder.path / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const int end = ::open(pipe.c_str(), O_RDWR);  // so that writing does not wait for a reader
    REQUIRE(end >= 0);
    write_file_atomically(pipe, "text");
    std::array<char, 4> text{};
    CHECK(::read(end, text.data(), text.size()) == 4);
    CHECK(std::string(text.begin(), text.end()) == "text");
    CHECK(fs::is_fifo(pipe));
    ::close(end);
    CHECK(folder.names().size() == 3);
}

TEST_CASE("what is to survive a loss of power is written as anything else") {
    const TemporaryFolder folder;
    for (const std::string content : {"old", "new"}) {
        write_file_atomically(folder.path / "file", content, Survives::power_loss);
        CHECK(read_file(folder.path / "file") == content);
        CHECK(folder.names().size() == 1);
    }
    write_file_atomically("/dev/null", "text", Survives::power_loss);
    fs::create_directories(folder.path / "taken" / "child");
    CHECK_THROWS_WITH(write_file_atomically(folder.path / "taken", "x", Survives::power_loss),
                      ContainsSubstring("taken: cannot write"));
    CHECK_THROWS_WITH(write_file_atomically(folder.path / "none" / "file", "x", Survives::power_loss),
                      ContainsSubstring("none/file: cannot write: No such file"));
    CHECK(folder.names().size() == 2);
}

TEST_CASE("reading what is missing or a folder is the user's error and names it") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(read_file(folder.path / "none"), InputError);
    CHECK_THROWS_WITH(read_file(folder.path / "none"),
                      ContainsSubstring("none") && ContainsSubstring("No such file"));
    CHECK_THROWS_WITH(read_file(folder.path),
                      ContainsSubstring(folder.path.string()) && ContainsSubstring("a folder"));
}

TEST_CASE("no more is read than may be, of a device or pipe without end neither") {
    const TemporaryFolder folder;
    write_file_atomically(folder.path / "file", "12345");
    CHECK(read_file(folder.path / "file", 5) == "12345");
    CHECK_THROWS_WITH(read_file(folder.path / "file", 4),
                      ContainsSubstring("file: given '5 bytes'; allowed: a file of at most 4 bytes"));
    CHECK_THROWS_WITH(read_file("/dev/zero", 1U << 20U), ContainsSubstring("/dev/zero: given 'a device"));
}

TEST_CASE("whether a file can be read is found without reading it") {
    const TemporaryFolder folder;
    require_readable_file("/dev/zero", 1);
    CHECK_THROWS_WITH(require_readable_file(folder.path / "none", 1), ContainsSubstring("No such file"));
    CHECK_THROWS_WITH(require_readable_file(folder.path, 1), ContainsSubstring("a folder"));
    write_file_atomically(folder.path / "large", "");
    fs::resize_file(folder.path / "large", most_of_tables + 1);
    CHECK_THROWS_WITH(require_readable_file(folder.path / "large", most_of_tables),
                      ContainsSubstring("given '268435457 bytes'"));
    require_readable_file(folder.path / "large", most_of_tables + 1);
}

TEST_CASE("a path that leads nowhere is the user's error") {
    const TemporaryFolder folder;
    fs::create_symlink("loop", folder.path / "loop");
    CHECK_THROWS_AS(read_file(folder.path / "loop"), InputError);
}

TEST_CASE("a failed write is the environment's error, names the file and keeps the old one") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_file_atomically(folder.path / "none" / "file", "x"), EnvironmentError);
    CHECK_THROWS_WITH(write_file_atomically(folder.path / "none" / "file", "x"),
                      ContainsSubstring("none/file"));
    fs::create_directories(folder.path / "taken" / "child");
    CHECK_THROWS_AS(write_file_atomically(folder.path / "taken", "x"), EnvironmentError);
    CHECK(folder.names().size() == 1);
}

TEST_CASE("a check for a writable folder leaves nothing") {
    const TemporaryFolder folder;
    const auto changed = fs::last_write_time(folder.path);
    require_writable_folder("--out", folder.path);
    require_writable_folder("--out", folder.path / "new");
    require_writable_folder("--out", folder.path / "new" / "deep" / "");
    CHECK(folder.names().size() == 0);
    CHECK(fs::last_write_time(folder.path) == changed);
    require_writable_folder("--out", fs::relative(folder.path) / "new");
}

TEST_CASE("a check for a writable folder takes nothing from concurrent runs") {
    const TemporaryFolder folder;
    const auto results = [&](int run) { return folder.path / std::to_string(run) / "deep"; };
    std::atomic<int> current = 0;
    std::atomic<bool> done = false;
    std::jthread other_run([&] {
        while (!done) require_writable_folder("--out", results(current));
    });
    for (int run = 0; run < 300; ++run) {
        current = run;
        CHECK_NOTHROW(fs::create_directories(results(run)));
        CHECK_NOTHROW(write_file_atomically(results(run) / "result.json", "x"));
        CHECK(fs::exists(results(run) / "result.json"));
    }
    done = true;
}

TEST_CASE("a folder that cannot be is refused under the option's name") {
    const TemporaryFolder folder;
    write_file_atomically(folder.path / "file", "x");
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / "file" / "below"), InputError);
    CHECK_THROWS_WITH(require_writable_folder("--out", folder.path / "file" / "below"),
                      ContainsSubstring("--out") && ContainsSubstring("file/below") &&
                          ContainsSubstring("a folder that can be created"));
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / "file" / "below" / "deep"), InputError);
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / "file"), InputError);
    CHECK_THROWS_AS(require_writable_folder("--out", folder.path / std::string(300, 'x') / "below"),
                    InputError);
    fs::create_symlink("nowhere", folder.path / "dangling");
    CHECK_THROWS_WITH(require_writable_folder("--out", folder.path / "dangling" / "below"),
                      ContainsSubstring("no folder"));
}
