#include "data/mnist_folder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
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

/// Which labels there are in either set.
std::array<bool, idx_label_max + 1> occurring(const Labels& train, const Labels& test) {
    std::array<bool, idx_label_max + 1> occurs{};
    for (const Labels* labels : {&train, &test})
        for (const std::uint8_t label : *labels) occurs.at(label) = true;
    return occurs;
}

/// Where a label that there is stands first.
std::string place_of(std::size_t label, const MnistFiles& files, const Labels& train, const Labels& test) {
    auto found = std::ranges::find(train, label);
    if (found != train.end())
        return fmt::format("at position {} of {}", found - train.begin(), files.train_labels.string());
    found = std::ranges::find(test, label);
    return fmt::format("at position {} of {}", found - test.begin(), files.test_labels.string());
}

void number_classes(DatasetShape& shape, const MnistFiles& files, const Labels& train, const Labels& test) {
    const auto occurs = occurring(train, test);
    const auto largest =
        static_cast<std::size_t>(occurs.rend() - std::ranges::find(occurs.rbegin(), occurs.rend(), true)) - 1;
    const auto different = static_cast<std::size_t>(std::ranges::count(occurs, true));
    shape.first_label = occurs.front() ? 0 : 1;
    shape.classes = largest - shape.first_label + 1;
    if (different == 1)
        throw InputError(files.train_labels.string(),
                         fmt::format("label {} only, also in {}", largest, files.test_labels.string()),
                         "at least two classes", "there is nothing to tell apart");
    if (shape.classes > usual_classes && different * 4 < shape.classes)
        throw InputError(
            files.train_labels.string(),
            fmt::format("label {}, {}", largest, place_of(largest, files, train, test)),
            fmt::format("labels of which most occur; of {} classes {} do", shape.classes, different),
            "number the classes from 0 or 1, without gaps");
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
