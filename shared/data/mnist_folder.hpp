#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.hpp"

namespace lockstep::data {

/// A data set in MNIST's format: four IDX files (idx.hpp), raw or gzip, at a place of mnist_files.hpp.
///
/// Images are taken as they stand in the file: EMNIST's are transposed, rows for columns, which makes no
/// difference to layers that are fully connected. The number of classes is told by the labels of the
/// training set, whether or not each occurs: they go from the smallest to the largest. Labels 5 0 4 make six
/// classes; EMNIST's letters, 1 to 26, make 26. Those of the test set lie between.

/// Checks all that the headers, the sizes of files and the labels tell.
/// Cost: what reading the labels takes, 1 ms for MNIST; a few KiB of the images are read.
/// Errors: InputError naming the folder or file where one is missing, as of read_idx_header and
/// read_idx_labels, where the numbers of images and labels or the sizes of training and test images disagree,
/// a test label lies beyond those of training, or the labels make no sense: a single class, or more than ten
/// of which fewer than a quarter occur.
DatasetShape inspect_mnist_folder(const std::filesystem::path& place);

/// Reads the four files. Errors: also InputError where the images are truncated or corrupt. Cost: 0.3 s for
/// MNIST from gzip, mostly unpacking.
Dataset read_mnist_folder(const std::filesystem::path& place, const std::string& description);

}  // namespace lockstep::data
