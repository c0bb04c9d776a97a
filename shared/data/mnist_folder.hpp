#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "data/dataset.hpp"

namespace lockstep::data {

/// A folder with the four files of MNIST, or of a data set in its format such as Fashion-MNIST, each raw or
/// gzip: `train-images-idx3-ubyte[.gz]`, `train-labels-idx1-ubyte[.gz]`, `t10k-images-idx3-ubyte[.gz]`,
/// `t10k-labels-idx1-ubyte[.gz]`. Where a file is there in both forms, the raw one is read.

/// Their paths, in that order. Errors: InputError naming the folder or file where one is missing.
std::array<std::filesystem::path, 4> mnist_files(const std::filesystem::path& folder);

/// Checks all that the four headers and file sizes tell. Cost: a few KiB are read.
/// Errors: InputError naming the folder or file where one is missing, as of read_idx_header, or where the
/// numbers of images and labels or the sizes of training and test images disagree.
DatasetShape inspect_mnist_folder(const std::filesystem::path& folder);

/// Reads the four files. Errors: also InputError where content is truncated or corrupt, or a label is not in
/// 0 .. 9. Cost: 0.3 s for MNIST from gzip, mostly unpacking.
Dataset read_mnist_folder(const std::filesystem::path& folder, const std::string& description);

}  // namespace lockstep::data
