#include "study/launch/temporary_folder.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "study/launch/descriptor.hpp"

namespace lockstep::study {

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lockstep.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) fail_call(fmt::format("mkdtemp {}", name));
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace lockstep::study
