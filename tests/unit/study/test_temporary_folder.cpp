#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "study/launch/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

namespace test_temporary_folder {

using lockstep::study::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// TMPDIR for the time of a test.
class PlaceOfFolders {
  public:
    explicit PlaceOfFolders(const fs::path& place) {
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        ::setenv("TMPDIR", place.c_str(), 1);
    }
    PlaceOfFolders(const PlaceOfFolders&) = delete;
    PlaceOfFolders& operator=(const PlaceOfFolders&) = delete;
    ~PlaceOfFolders() {
        if (before_.empty())
            ::unsetenv("TMPDIR");
        else
            ::setenv("TMPDIR", before_.c_str(), 1);
    }

  private:
    std::string before_;
};

std::ptrdiff_t entries(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

/// A process that ends without a chance to remove its folder.
void leave_folder_behind() {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const TemporaryFolder folder;
        std::ofstream(folder.path() / "file") << "half";
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
}

}  // namespace

TEST_CASE("the folder of a process that was killed is removed by the next one") {
    const TemporaryFolder place;
    const PlaceOfFolders here(place.path());
    leave_folder_behind();
    CHECK(entries(place.path()) == 1);
    {
        const TemporaryFolder first;
        const TemporaryFolder second;
        CHECK(entries(place.path()) == 2);
        CHECK(fs::is_directory(first.path()));
    }
    CHECK(entries(place.path()) == 0);
}

TEST_CASE("a TMPDIR that is no folder is refused by its name") {
    const TemporaryFolder place;
    const PlaceOfFolders here(place.path() / "none");
    CHECK(lockstep::test::refusal([] { const TemporaryFolder folder; }).starts_with("TMPDIR: given "));
}

}  // namespace test_temporary_folder
