#include "data/source.hpp"

#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/digits.hpp"
#include "data/glyphs.hpp"
#include "data/mnist_folder.hpp"

namespace lockstep::data {
namespace {

using base::InputError;

/// A parsed spec: a folder in MNIST's format, or no folder for generated digits.
struct Spec {
    std::string_view name;
    std::optional<std::filesystem::path> folder;
};

Spec parse(const std::string& spec) {
    constexpr std::string_view allowed = "digits, mnist:DIR or fashion-mnist:DIR";
    if (spec == "digits") return {"digits", std::nullopt};
    const std::size_t colon = spec.find(':');
    const std::string prefix = spec.substr(0, colon);
    const bool mnist = prefix == "mnist";
    if (!mnist && prefix != "fashion-mnist")
        throw InputError("--data", spec, allowed,
                         std::filesystem::is_directory(spec)
                             ? fmt::format("for the files of MNIST in that folder write mnist:{}", spec)
                             : "without --data the digits are generated");
    if (colon == std::string::npos || colon + 1 == spec.size())
        throw InputError("--data", spec, allowed,
                         fmt::format("name the folder of its four files after '{}:'", prefix));
    return {mnist ? "MNIST" : "Fashion-MNIST", spec.substr(colon + 1)};
}

std::size_t limited(std::string_view option, std::optional<std::size_t> wanted, std::size_t available,
                    std::string_view name) {
    if (!wanted) return available;
    if (*wanted >= 1 && *wanted <= available) return *wanted;
    throw InputError(option, fmt::format("{}", *wanted), fmt::format("1 to {}, for {}", available, name),
                     fmt::format("leave {} out for the default", option));
}

DatasetShape digits_shape(std::optional<std::size_t> train_samples, std::optional<std::size_t> test_samples) {
    return {Canvas::side, Canvas::side, digit_classes,
            limited("--train-samples", train_samples.value_or(default_train_digits), digits_max, "digits"),
            limited("--test-samples", test_samples.value_or(default_test_digits), digits_max, "digits")};
}

DatasetShape shape_of(const Spec& spec, std::optional<std::size_t> train_samples,
                      std::optional<std::size_t> test_samples) {
    if (!spec.folder) return digits_shape(train_samples, test_samples);
    DatasetShape result = inspect_mnist_folder(*spec.folder);
    result.train_samples = limited("--train-samples", train_samples, result.train_samples, spec.name);
    result.test_samples = limited("--test-samples", test_samples, result.test_samples, spec.name);
    return result;
}

void cut(Samples& samples, std::size_t size, std::size_t pixels_per_image) {
    if (size == samples.size()) return;
    samples.labels.resize(size);
    samples.labels.shrink_to_fit();
    samples.pixels.resize(size * pixels_per_image);
    samples.pixels.shrink_to_fit();
}

}  // namespace

Dataset load(const std::string& spec, std::optional<std::size_t> train_samples,
             std::optional<std::size_t> test_samples, std::uint64_t seed,
             const std::string& /*cache*/) {
    const Spec source = parse(spec);
    const DatasetShape wanted = shape_of(source, train_samples, test_samples);
    if (!source.folder) return make_digits(wanted.train_samples, wanted.test_samples, seed);
    const std::string description =
        fmt::format("{}: {} + {} images from {}", source.name, wanted.train_samples, wanted.test_samples,
                    source.folder->string());
    Dataset dataset = read_mnist_folder(*source.folder, description);
    cut(dataset.train, wanted.train_samples, dataset.pixels_per_image());
    cut(dataset.test, wanted.test_samples, dataset.pixels_per_image());
    return dataset;
}

DatasetShape shape(const std::string& spec, std::optional<std::size_t> train_samples,
                   std::optional<std::size_t> test_samples) {
    return shape_of(parse(spec), train_samples, test_samples);
}

void check_spec(const std::string& spec, std::optional<std::size_t> train_samples,
                std::optional<std::size_t> test_samples) {
    shape(spec, train_samples, test_samples);
}

}  // namespace lockstep::data
