#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace lockstep::data {

/// The largest number of digits drawn for either set.
inline constexpr std::size_t digits_max = 1'000'000;

/// Loads or draws the data that `spec`, the value of `--data`, names:
///
///     digits              the embedded generator (digits.hpp), seeded; 20 000 + 4 000 images unless limited
///     mnist:DIR           the four files of MNIST, or of any data set in its format, in folder DIR
///     mnist:DIR/NAME      those whose names begin with NAME, such as emnist-letters (mnist_files.hpp)
///     fashion-mnist:DIR   the same, described as Fashion-MNIST
///
/// The word before the colon may be in upper case.
///
/// A limit of samples takes that many from the start; unset is all there are. `digits` draws any number up to
/// `digits_max`. A file is read and checked to its end whatever the limits.
///
/// `cache` is a folder, or empty: what has been decoded or drawn is kept there and mapped by later calls (see
/// cache.hpp). Of one that is damaged a line on stderr tells, and it is made anew; one that cannot be read is
/// left, with such a line.
/// Errors, also of the functions below: InputError naming `--data`, `--train-samples`, `--test-samples`, or
/// the file.
Dataset load(const std::string& spec, std::optional<std::size_t> train_samples,
             std::optional<std::size_t> test_samples, std::uint64_t seed, const std::string& cache = {});

/// Whether samples are loaded, or only counted: then there may be more digits than can be drawn.
enum class Purpose { loading, counting };

/// The description of what `load` would return.
std::string describe(const std::string& spec, std::optional<std::size_t> train_samples,
                     std::optional<std::size_t> test_samples, std::uint64_t seed);

/// `spec` with its word in lower case where it is one of them: `MNIST:DIR` is `mnist:DIR`.
std::string canonical_spec(const std::string& spec);

/// The files that are read for it; none for digits.
std::vector<std::filesystem::path> files(const std::string& spec);

/// A digest of what is trained on: shape, classes, labels and pixels of the training set. Cost: 5 ms for
/// MNIST.
std::string training_digest(const Dataset& dataset);

/// The dimensions of what `load` would return, from the files' headers and labels alone.
DatasetShape shape(const std::string& spec, std::optional<std::size_t> train_samples,
                   std::optional<std::size_t> test_samples, Purpose purpose = Purpose::loading);

/// Throws what can be found without loading: a malformed spec, missing files, headers or sizes that make no
/// sense, labels that make none, limits that ask for more than there is. Defects inside the images (corrupt
/// gzip) are found by `load`.
void check_spec(const std::string& spec, std::optional<std::size_t> train_samples,
                std::optional<std::size_t> test_samples);

}  // namespace lockstep::data
