#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "data/mnist_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/idx_files.hpp"

using namespace lockstep;
using namespace lockstep::data;
using Catch::Matchers::ContainsSubstring;
using test::big_endian;
using test::refusal;

TEST_CASE("the four files make a dataset, raw or gzip") {
    const test::TemporaryFolder folder;
    test::write_mnist_folder(folder.path());
    CHECK(inspect_mnist_folder(folder.path()) == DatasetShape{2, 4, 10, 3, 2});
    const Dataset dataset = read_mnist_folder(folder.path(), "mine");
    CHECK(dataset.description == "mine");
    CHECK(dataset.rows == 2);
    CHECK(dataset.columns == 4);
    CHECK(dataset.classes == 10);
    CHECK(dataset.train.labels == std::vector<std::uint8_t>{9, 0, 4});
    CHECK(dataset.test.labels == std::vector<std::uint8_t>{1, 9});
    CHECK(dataset.test.pixels ==
          std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14});
    CHECK(dataset.train.pixels.size() == 24);
    CHECK(dataset.train.pixels.back() == 2 * 7 + 7);
}

TEST_CASE("a missing folder, and a file in its place, are refused") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "mnist";
    CHECK_THAT(refusal([&] { inspect_mnist_folder(path); }), ContainsSubstring(path.string()) &&
                                                                 ContainsSubstring("no such folder") &&
                                                                 ContainsSubstring("tools/fetch_mnist"));
    test::write_raw(path, "x");
    CHECK_THAT(refusal([&] { read_mnist_folder(path, ""); }), ContainsSubstring("given 'a file'"));
}

TEST_CASE("each missing file is named") {
    const test::TemporaryFolder folder;
    test::write_mnist_folder(folder.path());
    const std::filesystem::path name =
        GENERATE(as<std::string>{}, "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                 "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
    std::filesystem::remove(folder.path() / name);
    const std::string raw = name.extension() == ".gz" ? name.stem().string() : name.string();
    for (const auto& message : {refusal([&] { inspect_mnist_folder(folder.path()); }),
                                refusal([&] { read_mnist_folder(folder.path(), ""); })})
        CHECK_THAT(message, ContainsSubstring((folder.path() / raw).string()) &&
                                ContainsSubstring("no such file, nor one with .gz") &&
                                ContainsSubstring("tools/fetch_mnist " + folder.path().string()));
}

TEST_CASE("images and labels must be equally many") {
    const test::TemporaryFolder folder;
    test::write_mnist_folder(folder.path());
    test::write_raw(folder.path() / "train-labels-idx1-ubyte", test::idx_labels({9, 0, 4, 1}));
    CHECK_THAT(refusal([&] { inspect_mnist_folder(folder.path()); }),
               ContainsSubstring("train-labels-idx1-ubyte: given '4 labels'") &&
                   ContainsSubstring("train-images-idx3-ubyte has images: 3"));
}

TEST_CASE("training and test images must have one size") {
    const test::TemporaryFolder folder;
    test::write_mnist_folder(folder.path());
    const auto [rows, columns] = GENERATE(table<unsigned, unsigned>({{4, 2}, {2, 5}, {3, 4}}));
    test::write_raw(folder.path() / "t10k-images-idx3-ubyte.gz",
                    test::gzip(test::idx_images(2, rows, columns)));
    const std::string size = std::to_string(rows) + " x " + std::to_string(columns);
    CHECK_THAT(refusal([&] { inspect_mnist_folder(folder.path()); }),
               ContainsSubstring("t10k-images-idx3-ubyte.gz: given 'images of " + size + " pixels'") &&
                   ContainsSubstring("2 x 4, as in"));
}

namespace {

using Labels = std::vector<std::uint8_t>;

/// A folder with images of 2 x 2 pixels for these labels.
struct LabelledFolder {
    LabelledFolder(const Labels& train, const Labels& test) {
        write("train", train);
        write("t10k", test);
    }
    void write(const std::string& set, const Labels& labels) const {
        const auto images = static_cast<std::uint32_t>(labels.size());
        test::write_raw(path() / (set + "-images-idx3-ubyte"), test::idx_images(images, 2, 2));
        test::write_raw(path() / (set + "-labels-idx1-ubyte"), test::idx_labels(labels));
    }
    const std::filesystem::path& path() const { return folder.path(); }
    test::TemporaryFolder folder;
};

Labels from_to(std::uint8_t first, std::uint8_t last) {
    Labels labels(last - first + 1U);
    std::iota(labels.begin(), labels.end(), first);
    return labels;
}

}  // namespace

TEST_CASE("the labels of training tell the classes, and from which number they count") {
    struct Case {
        Labels train;
        Labels test;
        std::size_t classes;
        std::size_t first_label;
    };
    const Case example = GENERATE(values<Case>({{{9, 0, 4}, {1, 9}, 10, 0},
                                                {{0, 1}, {1, 0}, 2, 0},
                                                {{3, 8}, {8, 3}, 6, 3},
                                                {{1, 2, 3}, {3}, 3, 1},
                                                {{4, 4, 0}, {2}, 5, 0},
                                                {from_to(1, 26), from_to(1, 26), 26, 1},
                                                {from_to(0, 46), {0}, 47, 0},
                                                {from_to(0, 61), {61, 2}, 62, 0},
                                                {from_to(5, 9), {5, 9}, 5, 5},
                                                {from_to(0, 255), {0}, 256, 0},
                                                {from_to(1, 255), {1}, 255, 1}}));
    const LabelledFolder folder(example.train, example.test);
    const DatasetShape shape = inspect_mnist_folder(folder.path());
    CHECK(shape.classes == example.classes);
    CHECK(shape.first_label == example.first_label);
    const Dataset dataset = read_mnist_folder(folder.path(), "");
    CHECK(dataset.classes == example.classes);
    for (std::size_t i = 0; i < example.train.size(); ++i)
        CHECK(dataset.train.labels[i] + example.first_label == example.train[i]);
    for (std::size_t i = 0; i < example.test.size(); ++i)
        CHECK(dataset.test.labels[i] + example.first_label == example.test[i]);
}

TEST_CASE("labels that make no sense are refused: one class, or a stray label far above the others") {
    const LabelledFolder one({7, 7}, {7});
    CHECK_THAT(refusal([&] { inspect_mnist_folder(one.path()); }),
               ContainsSubstring("train-labels-idx1-ubyte: given 'label 7 only") &&
                   ContainsSubstring("at least two classes"));
    const LabelledFolder stray({0, 255, 2}, {0, 1});
    const std::string message = refusal([&] { inspect_mnist_folder(stray.path()); });
    CHECK_THAT(message, ContainsSubstring("label 255, at position 1") &&
                            ContainsSubstring("train-labels-idx1-ubyte") &&
                            ContainsSubstring("of 256 classes 3 do"));
    CHECK(message == refusal([&] { read_mnist_folder(stray.path(), ""); }));
}

TEST_CASE("a test label that training has not is refused: the sets are numbered differently") {
    const LabelledFolder below(from_to(1, 26), from_to(0, 25));
    CHECK_THAT(
        refusal([&] { inspect_mnist_folder(below.path()); }),
        ContainsSubstring(
            "t10k-labels-idx1-ubyte: given 'label 0, at position 0'; allowed: 1 to 26, the labels of") &&
            ContainsSubstring("train-labels-idx1-ubyte"));
    const LabelledFolder above({0, 1, 2}, {0, 3});
    CHECK_THAT(refusal([&] { inspect_mnist_folder(above.path()); }),
               ContainsSubstring("given 'label 3, at position 1'; allowed: 0 to 2"));
}

TEST_CASE("labels of QMNIST, of eight columns, are its first column") {
    const LabelledFolder folder({0, 1}, {1, 2});
    std::filesystem::remove(folder.path() / "train-labels-idx1-ubyte");
    test::write_raw(folder.path() / "train-labels-idx2-int",
                    big_endian({0xC02, 2, 8, 1, 4, 17, 0, 0, 3, 9, 9, 2, 0, 5, 6, 7, 8, 9, 10}));
    const Dataset dataset = read_mnist_folder(folder.path(), "");
    CHECK(dataset.train.labels == Labels{0, 1});
    CHECK(dataset.classes == 2);
}

TEST_CASE("images of any size are read, 20 x 20 and 32 x 32 among them") {
    const std::uint32_t side = GENERATE(1U, 20U, 28U, 32U);
    const LabelledFolder folder({0, 1}, {1});
    test::write_raw(folder.path() / "train-images-idx3-ubyte", test::idx_images(2, side, side));
    test::write_raw(folder.path() / "t10k-images-idx3-ubyte", test::idx_images(1, side, side));
    CHECK(inspect_mnist_folder(folder.path()) == DatasetShape{side, side, 2, 2, 1});
    CHECK(read_mnist_folder(folder.path(), "").train.pixels.size() == 2 * std::size_t{side} * side);
}

TEST_CASE("the real MNIST, where it is there") {
    const char* const named = std::getenv("LOCKSTEP_MNIST");
    const std::filesystem::path folder = named != nullptr ? named : "../shared/mnist";
    if (!std::filesystem::exists(folder)) {
        WARN("skipped: no folder " << folder << "; name one in the environment variable LOCKSTEP_MNIST");
        return;
    }
    const Dataset mnist = read_mnist_folder(folder, "MNIST");
    CHECK(inspect_mnist_folder(folder) == DatasetShape{28, 28, 10, 60'000, 10'000});
    CHECK(mnist.train.size() == 60'000);
    CHECK(mnist.test.size() == 10'000);
    CHECK(mnist.train.pixels.size() == 60'000 * 784);
    CHECK(mnist.test.pixels.size() == 10'000 * 784);
    const std::vector<std::uint8_t> first(mnist.train.labels.begin(), mnist.train.labels.begin() + 5);
    CHECK(first == std::vector<std::uint8_t>{5, 0, 4, 1, 9});
    CHECK(mnist.test.labels.front() == 7);
    double sum = 0;
    for (const std::uint8_t pixel : mnist.train.pixels) sum += pixel;
    CHECK(sum / (255.0 * 60'000 * 784) ==
          Approx(0.1307).margin(0.00005));  // the mean everybody normalises with
}
