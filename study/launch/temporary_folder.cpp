#include "study/launch/temporary_folder.hpp"

#include <cstdlib>
#include <system_error>

#include "base/error.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::study {

TemporaryFolder::TemporaryFolder() {
    std::error_code problem;
    const std::filesystem::path place = std::filesystem::temp_directory_path(problem);
    if (problem) {
        const char* const given = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
        throw base::InputError("TMPDIR", given == nullptr ? "" : given, "a folder for temporary files",
                               "set that variable to one, or unset it for /tmp");
    }
    base::remove_leftovers(place);
    path_ = base::make_temporary_folder(place / "lockstep");
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace lockstep::study
