#include "data/mnist_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/idx.hpp"
#include "data/mnist_files.hpp"

namespace lockstep::data {
namespace {

using base::InputError;
using Labels = std::vector<std::uint8_t>;

constexpr std::size_t usual_classes = 10;

IdxHeader inspect_pair(const std::filesystem::path& images_file, const std::filesystem::path& labels_file) {
    const IdxHeader images = read_idx_header(images_file, IdxKind::images);
    const IdxHeader labels = read_idx_header(labels_file, IdxKind::labels);
    if (images.items != labels.items)
        throw InputError(labels_file.string(), fmt::format("{} labels", labels.items),
                         fmt::format("as many as {} has images: {}", images_file.string(), images.items),
                         "take both files from the same data set");
    return images;
}

/// Training decides what classes there are, and what the smallest label is.
void number_classes(DatasetShape& shape, const MnistFiles& files, const Labels& train, const Labels& test) {
    const auto [smallest, largest] = std::ranges::minmax(train);
    const auto stray = std::ranges::find_if(
        test, [low = smallest, high = largest](std::uint8_t label) { return label < low || label > high; });
    if (stray != test.end())
        throw InputError(
            files.test_labels.string(), fmt::format("label {}, at position {}", *stray, stray - test.begin()),
            fmt::format("{} to {}, the labels of {}", smallest, largest, files.train_labels.string()),
            "take both from the same data set: number their classes alike");
    if (smallest == largest)
        throw InputError(files.train_labels.string(), fmt::format("label {} only", largest),
                         "at least two classes", "there is nothing to tell apart");
    shape.first_label = smallest;
    shape.classes = std::size_t{largest} - smallest + 1;
    const std::size_t different = std::set<std::uint8_t>(train.begin(), train.end()).size();
    if (shape.classes > usual_classes && different * 4 < shape.classes)
        throw InputError(
            files.train_labels.string(),
            fmt::format("label {}, at position {}", largest,
                        std::ranges::find(train, largest) - train.begin()),
            fmt::format("labels of which most occur; of {} classes {} do", shape.classes, different),
            "number the classes without gaps");
}

/// What is known without the images.
struct Inspected {
    MnistFiles files;
    DatasetShape shape;
    Labels train;
    Labels test;
};

Inspected inspect(const std::filesystem::path& place) {
    const MnistFiles files = find_mnist_files(place);
    const IdxHeader train = inspect_pair(files.train_images, files.train_labels);
    const IdxHeader test = inspect_pair(files.test_images, files.test_labels);
    if (train.rows != test.rows || train.columns != test.columns)
        throw InputError(
            files.test_images.string(), fmt::format("images of {} x {} pixels", test.rows, test.columns),
            fmt::format("{} x {}, as in {}", train.rows, train.columns, files.train_images.string()),
            "take all files from the same data set");
    Inspected found{files,
                    {train.rows, train.columns, 0, train.items, test.items, 0},
                    read_idx_labels(files.train_labels),
                    read_idx_labels(files.test_labels)};
    number_classes(found.shape, files, found.train, found.test);
    return found;
}

Samples numbered_from_0(Labels labels, const DatasetShape& shape, const std::filesystem::path& images) {
    for (std::uint8_t& label : labels) label = static_cast<std::uint8_t>(label - shape.first_label);
    return {read_idx(images, IdxKind::images).bytes, std::move(labels)};
}

}  // namespace

DatasetShape inspect_mnist_folder(const std::filesystem::path& place) {
    return inspect(place).shape;
}

Dataset read_mnist_folder(const std::filesystem::path& place, const std::string& description) {
    Inspected found = inspect(place);
    const DatasetShape& shape = found.shape;
    Samples train = numbered_from_0(std::move(found.train), shape, found.files.train_images);
    Samples test = numbered_from_0(std::move(found.test), shape, found.files.test_images);
    return {description, shape.rows, shape.columns, shape.classes, std::move(train), std::move(test)};
}

}  // namespace lockstep::data
