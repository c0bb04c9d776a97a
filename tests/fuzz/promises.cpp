#include "tests/fuzz/promises.hpp"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "study/launch/temporary_folder.hpp"

namespace lockstep::fuzz {

void require(bool holds, std::string_view promise) {
    if (!holds) throw std::logic_error(fmt::format("it does not hold that {}", promise));
}

void require_same(std::string_view again, std::string_view before) {
    if (again != before)
        throw std::logic_error(fmt::format("written:\n{}\nand after it was read again:\n{}", before, again));
}

const std::filesystem::path& folder() {
    static const study::TemporaryFolder own;
    return own.path();
}

std::filesystem::path file_of(std::string_view input, const std::string& name) {
    const std::filesystem::path path = folder() / name;
    std::ofstream file(path, std::ios::binary);
    file.write(input.data(), static_cast<std::streamsize>(input.size()));
    file.close();
    if (!file) throw base::EnvironmentError(fmt::format("{}: cannot write", path.string()));
    return path;
}

}  // namespace lockstep::fuzz
