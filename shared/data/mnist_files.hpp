#pragma once

#include <array>
#include <filesystem>
#include <string>

namespace lockstep::data {

/// Where the four files of a data set in MNIST's format are.
struct MnistFiles {
    std::string
        name;  ///< what stands before `train` and `test` in their names: `emnist-letters`; often nothing
    std::filesystem::path train_images;
    std::filesystem::path train_labels;
    std::filesystem::path test_images;
    std::filesystem::path test_labels;

    std::array<std::filesystem::path, 4> all() const {
        return {train_images, train_labels, test_images, test_labels};
    }
};

/// Finds the four files in a folder, where `place` is DIR, or those with a name before, where it is DIR/NAME.
/// Their names are
///
///     [NAME-]SET-KIND[-idx...][.gz]    SET: train; t10k or test. KIND: images, labels
///
/// in upper or lower case, with `-`, `.` or `_` between the parts: `train-images-idx3-ubyte.gz`,
/// `t10k-labels.idx1-ubyte`, `emnist-letters-test-images-idx3-ubyte.gz`, `qmnist-train-labels-idx2-int`.
/// A folder of such a name stands for the file of that name in it, if there is one. Where a file is there
/// several times, the one named as MNIST's is taken before others, and what is not called .gz before what is.
///
/// Errors: InputError naming the folder where there is none, it cannot be read, or it has several data sets
/// with names (one without a name comes first), and the file where one is missing.
MnistFiles find_mnist_files(const std::filesystem::path& place);

}  // namespace lockstep::data
