#include "data/digits.hpp"
#include "data/source.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/idx_files.hpp"

namespace test_source {

using namespace lockstep;
using namespace lockstep::data;
using Catch::Matchers::ContainsSubstring;
using test::refusal;

namespace {

constexpr std::optional<std::size_t> unlimited;

struct MnistFolder {
    MnistFolder() { test::write_mnist_folder(folder.path()); }
    std::string spec(const std::string& name = "mnist") const { return name + ":" + folder.path().string(); }
    test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("digits has its default size, and any size asked for") {
    CHECK(shape("digits", unlimited, unlimited) == DatasetShape{28, 28, 10, 20'000, 4'000});
    CHECK(shape("digits", 1'000'000, 1) == DatasetShape{28, 28, 10, 1'000'000, 1});
    const Dataset loaded = load("digits", 30, 20, 3);
    const Dataset drawn = make_digits(30, 20, 3);
    CHECK(loaded.description == drawn.description);
    CHECK(loaded.train.pixels == drawn.train.pixels);
    CHECK(loaded.test.labels == drawn.test.labels);
}

TEST_CASE("mnist and fashion-mnist read the same folder and differ in what they say") {
    const MnistFolder mnist;
    const Dataset plain = load(mnist.spec(), unlimited, unlimited, 1);
    const Dataset fashion = load(mnist.spec("fashion-mnist"), unlimited, unlimited, 1);
    CHECK(plain.description == "MNIST: 3 + 2 images from " + mnist.folder.path().string());
    CHECK(fashion.description == "Fashion-MNIST: 3 + 2 images from " + mnist.folder.path().string());
    CHECK(plain.train.labels == std::vector<std::uint8_t>{9, 0, 4});
    CHECK(fashion.train.pixels == plain.train.pixels);
    CHECK(shape(mnist.spec(), unlimited, unlimited) == DatasetShape{2, 4, 10, 3, 2});
}

TEST_CASE("limits take samples from the start") {
    const MnistFolder mnist;
    const Dataset limited = load(mnist.spec(), 2, 1, 1);
    CHECK(limited.train.labels == std::vector<std::uint8_t>{9, 0});
    CHECK(limited.train.pixels.size() == 2 * 8);
    CHECK(limited.train.pixels.back() == 7 + 7);
    CHECK(limited.test.labels == std::vector<std::uint8_t>{1});
    CHECK_THAT(limited.description, ContainsSubstring("2 + 1 images"));
    CHECK(shape(mnist.spec(), 2, 1) == DatasetShape{2, 4, 10, 2, 1});
}

TEST_CASE("limits of zero or of more than there is name their option and what there is") {
    const MnistFolder mnist;
    const std::size_t wrong = GENERATE(0U, 4U);
    const auto refused = [&](auto train, auto test) {
        const std::string early = refusal([&] { check_spec(mnist.spec(), train, test); });
        CHECK(early == refusal([&] { load(mnist.spec(), train, test, 1); }));
        CHECK(early == refusal([&] { shape(mnist.spec(), train, test); }));
        return early;
    };
    const std::string given = ": given '" + std::to_string(wrong) + "'; allowed: 1 to ";
    CHECK_THAT(refused(std::optional{wrong}, unlimited),
               ContainsSubstring("--train-samples" + given + "3, for MNIST"));
    CHECK_THAT(refused(unlimited, std::optional{wrong}),
               ContainsSubstring("--test-samples" + given + "2, for MNIST"));
}

TEST_CASE("limits of digits") {
    CHECK_THAT(refusal([] { check_spec("digits", 0, unlimited); }),
               ContainsSubstring("--train-samples: given '0'; allowed: 1 to 1000000"));
    CHECK_THAT(refusal([] { check_spec("digits", unlimited, 1'000'001); }),
               ContainsSubstring("--test-samples: given '1000001'; allowed: 1 to 1000000"));
}

TEST_CASE("a malformed spec names --data and the forms there are") {
    const std::string spec = GENERATE(as<std::string>{}, "", "digit", "mnist",
                                      "mnist:", "fashion-mnist:", "imagenet:/data", ":", "digits:x");
    const std::string message = refusal([&] { check_spec(spec, unlimited, unlimited); });
    CHECK_THAT(message, ContainsSubstring("--data: given '" + spec +
                                          "'; allowed: digits, mnist:DIR or fashion-mnist:DIR"));
    CHECK(message == refusal([&] { load(spec, unlimited, unlimited, 1); }));
}

TEST_CASE("a folder without a prefix gets the prefix suggested") {
    const MnistFolder mnist;
    const std::string folder = mnist.folder.path().string();
    CHECK_THAT(refusal([&] { check_spec(folder, unlimited, unlimited); }),
               ContainsSubstring("write mnist:" + folder));
}

TEST_CASE("check_spec accepts what load accepts, and finds broken files early") {
    const MnistFolder mnist;
    CHECK_NOTHROW(check_spec("digits", unlimited, unlimited));
    CHECK_NOTHROW(check_spec(mnist.spec(), 3, 2));
    const auto labels = mnist.folder.path() / "train-labels-idx1-ubyte";
    test::write_raw(labels, test::idx_labels({5, 0}));
    CHECK_THAT(refusal([&] { check_spec(mnist.spec(), unlimited, unlimited); }),
               ContainsSubstring(labels.string()) && ContainsSubstring("2 labels"));
}

TEST_CASE("what is broken beyond a limit is found all the same") {
    const MnistFolder mnist;
    std::string cut = test::idx_labels({9, 0, 4});
    cut.pop_back();
    test::write_raw(mnist.folder.path() / "train-labels-idx1-ubyte", cut);
    CHECK_THAT(refusal([&] { load(mnist.spec(), 1, 1, 1); }),
               ContainsSubstring("train-labels-idx1-ubyte") &&
                   ContainsSubstring("promises 3 labels (3 bytes), in a file of 10 bytes"));
}

}  // namespace test_source
