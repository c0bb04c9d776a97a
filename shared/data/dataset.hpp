#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "data/shared_bytes.hpp"

namespace lockstep::data {

/// Grey-scale images with class labels, one byte a pixel, row-major, sample after sample: pixel (r, c) of
/// sample i of a dataset with `rows` x `columns` images is `pixels[(i * rows + r) * columns + c]`.
struct Samples {
    SharedBytes pixels;  ///< size() * pixels_per_image
    SharedBytes labels;  ///< each below the dataset's `classes`, numbered from 0
    std::size_t size() const { return labels.size(); }
};

struct Dataset {
    std::string description;  ///< for people: name, origin, numbers of images
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t classes = 0;
    Samples train;
    Samples test;
    std::size_t pixels_per_image() const { return rows * columns; }
};

/// A dataset's dimensions without its content: all that a timing-only run needs.
struct DatasetShape {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t classes = 0;
    std::size_t train_samples = 0;
    std::size_t test_samples = 0;
    std::size_t first_label = 0;  ///< of class 0 in the files
    std::size_t pixels_per_image() const { return rows * columns; }
    bool operator==(const DatasetShape&) const = default;
};

}  // namespace lockstep::data
