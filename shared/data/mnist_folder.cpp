#include "data/mnist_folder.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/idx.hpp"

namespace lockstep::data {
namespace {

using base::InputError;

constexpr std::size_t classes = 10;

struct FilePair {
    std::filesystem::path images;
    std::filesystem::path labels;
};

std::filesystem::path find_file(const std::filesystem::path& folder, std::string_view name) {
    auto raw = folder / name;
    auto gzip = folder / fmt::format("{}.gz", name);
    if (std::filesystem::exists(raw)) return raw;
    if (std::filesystem::exists(gzip)) return gzip;
    throw InputError(raw.string(), "no such file, nor one with .gz", "a folder with the four files of MNIST",
                     fmt::format("fetch them with tools/fetch_mnist {}", folder.string()));
}

FilePair find_pair(const std::filesystem::path& folder, std::string_view set) {
    if (!std::filesystem::is_directory(folder))
        throw InputError(folder.string(), std::filesystem::exists(folder) ? "a file" : "no such folder",
                         "a folder with the four files of MNIST",
                         fmt::format("fetch them with tools/fetch_mnist {}", folder.string()));
    return {find_file(folder, fmt::format("{}-images-idx3-ubyte", set)),
            find_file(folder, fmt::format("{}-labels-idx1-ubyte", set))};
}

IdxHeader inspect_pair(const FilePair& files) {
    const IdxHeader images = read_idx_header(files.images, IdxKind::images);
    const IdxHeader labels = read_idx_header(files.labels, IdxKind::labels);
    if (images.items != labels.items)
        throw InputError(files.labels.string(), fmt::format("{} labels", labels.items),
                         fmt::format("as many as {} has images: {}", files.images.string(), images.items),
                         "take both files from the same data set");
    return images;
}

DatasetShape inspect(const FilePair& train_files, const FilePair& test_files) {
    const IdxHeader train = inspect_pair(train_files);
    const IdxHeader test = inspect_pair(test_files);
    if (train.rows != test.rows || train.columns != test.columns)
        throw InputError(
            test_files.images.string(), fmt::format("images of {} x {} pixels", test.rows, test.columns),
            fmt::format("{} x {}, as in {}", train.rows, train.columns, train_files.images.string()),
            "take all files from the same data set");
    return {train.rows, train.columns, classes, train.items, test.items};
}

Samples read_pair(const FilePair& files) {
    Samples samples;
    samples.labels = read_idx(files.labels, IdxKind::labels).bytes;
    const auto wrong =
        std::ranges::find_if(samples.labels, [](std::uint8_t label) { return label >= classes; });
    if (wrong != samples.labels.end())
        throw InputError(files.labels.string(),
                         fmt::format("label {} at position {}", *wrong, wrong - samples.labels.begin()),
                         fmt::format("labels from 0 to {}", classes - 1), "use a data set of ten classes");
    samples.pixels = read_idx(files.images, IdxKind::images).bytes;
    return samples;
}

}  // namespace

std::array<std::filesystem::path, 4> mnist_files(const std::filesystem::path& folder) {
    const FilePair train = find_pair(folder, "train");
    const FilePair test = find_pair(folder, "t10k");
    return {train.images, train.labels, test.images, test.labels};
}

DatasetShape inspect_mnist_folder(const std::filesystem::path& folder) {
    return inspect(find_pair(folder, "train"), find_pair(folder, "t10k"));
}

Dataset read_mnist_folder(const std::filesystem::path& folder, const std::string& description) {
    const FilePair train_files = find_pair(folder, "train");
    const FilePair test_files = find_pair(folder, "t10k");
    const DatasetShape shape = inspect(train_files, test_files);
    Samples train = read_pair(train_files);
    Samples test = read_pair(test_files);
    return {description, shape.rows, shape.columns, shape.classes, std::move(train), std::move(test)};
}

}  // namespace lockstep::data
