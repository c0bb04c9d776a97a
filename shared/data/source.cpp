#include "data/source.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/process/program.hpp"
#include "data/cache.hpp"
#include "data/digits.hpp"
#include "data/glyphs.hpp"
#include "data/mnist_files.hpp"
#include "data/mnist_folder.hpp"

namespace lockstep::data {
namespace {

using base::InputError;

constexpr std::array<std::string_view, 3> words{"digits", "mnist", "fashion-mnist"};

/// A parsed spec: a folder in MNIST's format, or no folder for generated digits.
struct Spec {
    std::string name;
    std::optional<std::filesystem::path> folder;
};

Spec parse(const std::string& given) {
    const std::string spec = canonical_spec(given);
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
    const std::filesystem::path folder = spec.substr(colon + 1);
    const std::string name = find_mnist_files(folder).name;
    return {!name.empty() ? name : mnist ? "MNIST" : "Fashion-MNIST", folder};
}

std::size_t limited(std::string_view option, std::optional<std::size_t> wanted, std::size_t available,
                    std::string_view name) {
    if (!wanted) return available;
    if (*wanted >= 1 && *wanted <= available) return *wanted;
    throw InputError(option, fmt::format("{}", *wanted), fmt::format("1 to {}, for {}", available, name),
                     fmt::format("leave {} out for the default", option));
}

DatasetShape digits_shape(std::optional<std::size_t> train_samples, std::optional<std::size_t> test_samples,
                          Purpose purpose) {
    const std::size_t most =
        purpose == Purpose::loading ? digits_max : std::numeric_limits<std::uint32_t>::max();
    return {Canvas::side, Canvas::side, digit_classes,
            limited("--train-samples", train_samples.value_or(default_train_digits), most, "digits"),
            limited("--test-samples", test_samples.value_or(default_test_digits), most, "digits")};
}

DatasetShape shape_of(const Spec& spec, std::optional<std::size_t> train_samples,
                      std::optional<std::size_t> test_samples, Purpose purpose = Purpose::loading) {
    if (!spec.folder) return digits_shape(train_samples, test_samples, purpose);
    DatasetShape result = inspect_mnist_folder(*spec.folder);
    result.train_samples = limited("--train-samples", train_samples, result.train_samples, spec.name);
    result.test_samples = limited("--test-samples", test_samples, result.test_samples, spec.name);
    return result;
}

/// The first so many bytes, without the memory of the others.
SharedBytes first(const SharedBytes& bytes, std::size_t size) {
    if (size == bytes.size()) return bytes;
    const auto part = bytes.span().first(size);
    return std::vector<std::uint8_t>(part.begin(), part.end());
}

void cut(Samples& samples, std::size_t size, std::size_t pixels_per_image) {
    samples.labels = first(samples.labels, size);
    samples.pixels = first(samples.pixels, size * pixels_per_image);
}

std::string describe(const Spec& source, const DatasetShape& shape, std::uint64_t seed) {
    if (!source.folder) return describe_digits(shape.train_samples, shape.test_samples, seed);
    const std::string classes = shape.classes == digit_classes && shape.first_label == 0
                                    ? ""
                                    : fmt::format(" of {} classes", shape.classes);
    return fmt::format("{}: {} + {} images{}{} from {}", source.name, shape.train_samples, shape.test_samples,
                       classes,
                       shape.first_label == 0 ? "" : fmt::format(", labelled from {},", shape.first_label),
                       source.folder->string());
}

Dataset read_or_draw(const Spec& source, const DatasetShape& wanted, std::uint64_t seed) {
    if (!source.folder) return make_digits(wanted.train_samples, wanted.test_samples, seed);
    Dataset dataset = read_mnist_folder(*source.folder, describe(source, wanted, seed));
    cut(dataset.train, wanted.train_samples, dataset.pixels_per_image());
    cut(dataset.test, wanted.test_samples, dataset.pixels_per_image());
    return dataset;
}

/// Differs from before whenever something has written to the file or put another in its place: the time of
/// its last change cannot be set back, as that of its content can (`cp -p`).
std::string state_of(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        throw InputError(file.string(), std::strerror(errno), "a readable file");
    return fmt::format("{} bytes of {}.{:09}, changed {}.{:09}", status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

/// Tells data sets apart: two that differ in a byte have different texts. Changes of files show in their
/// sizes and times, changes of the generator in a few digits drawn by it.
std::string identity(const Spec& source, const DatasetShape& shape, std::uint64_t seed) {
    const std::string sizes = fmt::format("{} + {} images of {} x {}", shape.train_samples,
                                          shape.test_samples, shape.rows, shape.columns);
    if (!source.folder) {
        std::string drawn;
        for (std::uint32_t i = 0; i < 8; ++i) {
            const DigitImage digit = draw_digit(seed, DigitSet::train, i);
            drawn.append(digit.pixels.begin(), digit.pixels.end());
        }
        return fmt::format("digits: {}, seed {}, drawn like {}", sizes, seed, base::digest_of_bytes(drawn));
    }
    std::string text =
        fmt::format("{} in {} classes, labelled from {}", sizes, shape.classes, shape.first_label);
    for (const auto& file : find_mnist_files(*source.folder).all())
        text += fmt::format("; {}, {}", std::filesystem::canonical(file).string(), state_of(file));
    return text;
}

}  // namespace

std::string canonical_spec(const std::string& spec) {
    std::string word = spec.substr(0, spec.find(':'));
    std::ranges::transform(word, word.begin(), [](unsigned char letter) { return std::tolower(letter); });
    const bool is_known = std::ranges::find(words, word) != words.end();
    return is_known ? word + spec.substr(word.size()) : spec;
}

std::vector<std::filesystem::path> files(const std::string& spec) {
    const Spec source = parse(spec);
    if (!source.folder) return {};
    const auto four = find_mnist_files(*source.folder).all();
    return {four.begin(), four.end()};
}

std::string training_digest(const Dataset& dataset) {
    const auto text = [](const SharedBytes& bytes) {
        return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    return base::digest_of_bytes(fmt::format("{} x {}, {} classes, {} {}", dataset.rows, dataset.columns,
                                             dataset.classes,
                                             base::digest_of_bytes(text(dataset.train.labels)),
                                             base::digest_of_bytes(text(dataset.train.pixels))));
}

Dataset load(const std::string& spec, std::optional<std::size_t> train_samples,
             std::optional<std::size_t> test_samples, std::uint64_t seed, const std::string& cache) {
    const Spec source = parse(spec);
    const DatasetShape wanted = shape_of(source, train_samples, test_samples);
    if (cache.empty()) return read_or_draw(source, wanted, seed);
    const auto fresh = [&] { return read_or_draw(source, wanted, seed); };
    const CacheEntry entry(cache, identity(source, wanted, seed));
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(entry.file(), ignored);
    try {
        if (auto kept = entry.map(wanted)) {
            kept->description = describe(source, wanted, seed);
            return *std::move(kept);
        }
    } catch (const base::EnvironmentError& problem) {
        base::print_message(fmt::format("lockstep: warning: {}; the run does without", problem.what()));
        return fresh();
    }
    if (is_there && entry.discard())
        base::print_message(
            fmt::format("lockstep: warning: {}: it is damaged; it is made anew", entry.file().string()));
    Dataset dataset = fresh();
    entry.keep(dataset);
    return dataset;
}

std::string describe(const std::string& spec, std::optional<std::size_t> train_samples,
                     std::optional<std::size_t> test_samples, std::uint64_t seed) {
    const Spec source = parse(spec);
    return describe(source, shape_of(source, train_samples, test_samples, Purpose::counting), seed);
}

DatasetShape shape(const std::string& spec, std::optional<std::size_t> train_samples,
                   std::optional<std::size_t> test_samples, Purpose purpose) {
    return shape_of(parse(spec), train_samples, test_samples, purpose);
}

void check_spec(const std::string& spec, std::optional<std::size_t> train_samples,
                std::optional<std::size_t> test_samples) {
    shape(spec, train_samples, test_samples);
}

}  // namespace lockstep::data
