#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::test {

/// An empty folder that is removed with everything in it at the end of its scope.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// Big-endian 32-bit numbers, as IDX headers have them.
std::string big_endian(const std::vector<std::uint32_t>& numbers);

/// The bytes of IDX files; pixel p of image i is (i * 7 + p) mod 256.
std::string idx_labels(const std::vector<std::uint8_t>& labels);
std::string idx_images(std::uint32_t images, std::uint32_t rows, std::uint32_t columns);

void write_raw(const std::filesystem::path& path, std::string_view bytes);
std::string gzip(std::string_view bytes);

/// Writes a valid data set of 3 training images (labels 5 0 4) and 2 test images (labels 1 9) of 2 x 4
/// pixels; the training files raw, the test files gzip.
void write_mnist_folder(const std::filesystem::path& folder);

/// What the InputError says that `action` throws; a test failure and an empty string where it throws none.
template <typename Action>
std::string refusal(Action&& action);

}  // namespace lockstep::test

#include "base/error.hpp"
#include "tests/support/catch.hpp"

template <typename Action>
std::string lockstep::test::refusal(Action&& action) {
    try {
        action();
    } catch (const base::InputError& error) {
        return error.what();
    }
    FAIL_CHECK("no InputError was thrown");
    return {};
}
