#include <chrono>
#include <cstdlib>
#include <fstream>

#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "data/cache.hpp"
#include "data/source.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/idx_files.hpp"

using namespace lockstep;
using namespace lockstep::data;

namespace {

constexpr std::optional<std::size_t> unlimited;
constexpr DatasetShape small_shape{1, 2, 10, 3, 1};

Dataset small_dataset() {
    using Bytes = std::vector<std::uint8_t>;
    return {"small", 1, 2, 10, {Bytes{1, 2, 3, 4, 5, 6}, Bytes{7, 8, 9}}, {Bytes{10, 11}, Bytes{0}}};
}

bool same_content(const Dataset& a, const Dataset& b) {
    return a.rows == b.rows && a.columns == b.columns && a.classes == b.classes &&
           a.train.pixels == b.train.pixels && a.train.labels == b.train.labels &&
           a.test.pixels == b.test.pixels && a.test.labels == b.test.labels;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    return files;
}

/// When the file or its attributes were last changed, which nobody can set.
std::int64_t changed_ns(const std::filesystem::path& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_ctim.tv_sec * std::int64_t{1'000'000'000} + status.st_ctim.tv_nsec;
}

/// Flips a byte.
void damage(const std::filesystem::path& file, std::size_t position) {
    std::string content = base::read_file(file);
    content[position] = static_cast<char>(content[position] ^ 1);
    test::write_raw(file, content);
}

}  // namespace

TEST_CASE("what was kept is mapped again, under its own identity and shape only") {
    const test::TemporaryFolder folder;
    const CacheEntry entry(folder.path() / "new", "mine");
    CHECK_FALSE(entry.map(small_shape).has_value());
    entry.keep(small_dataset());
    const auto mapped = entry.map(small_shape);
    REQUIRE(mapped.has_value());
    CHECK(same_content(*mapped, small_dataset()));
    CHECK_FALSE(entry.map({1, 2, 10, 2, 2}).has_value());
    CHECK_FALSE(entry.map({1, 2, 10, 4, 1}).has_value());
    const CacheEntry other(folder.path() / "new", "other");
    CHECK_FALSE(other.map(small_shape).has_value());
    std::filesystem::copy_file(entry.file(), other.file());
    CHECK_FALSE(other.map(small_shape).has_value());
}

TEST_CASE("mapped data outlive the file, and a copy the dataset that it comes from") {
    const test::TemporaryFolder folder;
    SharedBytes labels;
    {
        const CacheEntry entry(folder.path(), "mine");
        entry.keep(small_dataset());
        labels = entry.map(small_shape)->train.labels;
        std::filesystem::remove(entry.file());
    }
    CHECK(labels == std::vector<std::uint8_t>{7, 8, 9});
}

TEST_CASE("a file that is damaged, cut or longer is nothing") {
    const test::TemporaryFolder folder;
    const CacheEntry entry(folder.path(), "mine");
    entry.keep(small_dataset());
    const std::string whole = base::read_file(entry.file());
    for (std::size_t position :
         {std::size_t{0}, std::size_t{20}, std::size_t{4000}, whole.size() - 1, whole.size() - 6}) {
        damage(entry.file(), position);
        CHECK_FALSE(entry.map(small_shape).has_value());
        test::write_raw(entry.file(), whole);
    }
    for (const std::string& content :
         {std::string(), whole.substr(0, 5000 - 1000), whole.substr(0, whole.size() - 1), whole + "x"}) {
        test::write_raw(entry.file(), content);
        CHECK_FALSE(entry.map(small_shape).has_value());
    }
}

TEST_CASE("no byte of a large file may differ") {
    const test::TemporaryFolder folder;
    const CacheEntry entry(folder.path(), "mine");
    constexpr DatasetShape shape{28, 28, 10, 200, 100};
    entry.keep(load("digits", shape.train_samples, shape.test_samples, 1));
    const std::string whole = base::read_file(entry.file());
    CHECK(entry.map(shape).has_value());
    for (std::size_t position = 0; position < whole.size(); position += 4093) {
        damage(entry.file(), position);
        CHECK_FALSE(entry.map(shape).has_value());
        test::write_raw(entry.file(), whole);
    }
}

TEST_CASE("a file of the format before is nothing") {
    const test::TemporaryFolder folder;
    const CacheEntry entry(folder.path(), "mine");
    entry.keep(small_dataset());
    std::string content = base::read_file(entry.file());
    const std::string version = "lockstep-data-2";
    REQUIRE(content.starts_with(version));
    content[version.size() - 1] = '1';
    test::write_raw(entry.file(), content);
    CHECK_FALSE(entry.map(small_shape).has_value());
}

TEST_CASE("a file that cannot be read is left as it is, and the data are made without it") {
    const test::TemporaryFolder folder;
    const std::string cache = folder.path().string();
    const Dataset plain = load("digits", 40, 2, 5, cache);
    const std::filesystem::path file = files_in(cache).front();
    std::filesystem::remove(file);
    std::filesystem::create_symlink(file.filename(), file);  // also for who may read any file
    const Dataset loaded = load("digits", 40, 2, 5, cache);
    CHECK(same_content(loaded, plain));
    CHECK(loaded.description == plain.description);
    CHECK(std::filesystem::is_symlink(file));
    const CacheEntry entry(folder.path() / "same", "mine");
    std::filesystem::create_directory(folder.path() / "same");
    std::filesystem::create_symlink(entry.file().filename(), entry.file());
    CHECK_THROWS_WITH(entry.map(small_shape),
                      Catch::Matchers::ContainsSubstring("cannot be read: Too many levels"));
}

TEST_CASE("two versions of the format leave each other's files alone") {
    const test::TemporaryFolder folder;
    CHECK(CacheEntry(folder.path(), "mine").file().stem() != base::digest_of_bytes("mine"));
}

TEST_CASE("of those that discard a file one hears so") {
    const test::TemporaryFolder folder;
    const CacheEntry entry(folder.path(), "mine");
    CHECK_FALSE(entry.discard());
    entry.keep(small_dataset());
    CHECK(entry.discard());
    CHECK_FALSE(entry.discard());
    CHECK(files_in(folder.path()).empty());
}

TEST_CASE("load() gives the same with a cache, whether it writes, reads or repairs it") {
    const test::TemporaryFolder folder;
    const std::string cache = (folder.path() / "cache").string();
    test::write_mnist_folder(folder.path());
    const auto [name, train] =
        GENERATE(table<std::string, std::size_t>({{"digits", 40}, {"mnist", 3}, {"mnist", 2}}));
    const std::string spec = name == "digits" ? name : name + ":" + folder.path().string();
    const Dataset plain = load(spec, train, 2, 5);
    for (const bool damaged : {false, false, true, false}) {
        if (damaged) damage(files_in(cache).front(), 4096 + 5);
        const Dataset cached = load(spec, train, 2, 5, cache);
        CHECK(same_content(cached, plain));
        CHECK(cached.description == plain.description);
        CHECK(files_in(cache).size() == 1);
    }
}

TEST_CASE("other data are another file") {
    const test::TemporaryFolder folder;
    const std::string cache = (folder.path() / "cache").string();
    test::write_mnist_folder(folder.path());
    const std::string mnist = "mnist:" + folder.path().string();
    load("digits", 20, 10, 1, cache);
    load("digits", 20, 10, 2, cache);
    load("digits", 21, 10, 1, cache);
    load("digits", 20, 11, 1, cache);
    CHECK(files_in(cache).size() == 4);
    load(mnist, unlimited, unlimited, 1, cache);
    load(mnist, unlimited, unlimited, 2, cache);
    CHECK(files_in(cache).size() == 5);
    test::write_raw(folder.path() / "train-labels-idx1-ubyte", test::idx_labels({9, 0, 4}));
    std::filesystem::last_write_time(folder.path() / "train-labels-idx1-ubyte",
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    load(mnist, unlimited, unlimited, 1, cache);
    CHECK(files_in(cache).size() == 6);
}

TEST_CASE("a file that was changed is other data, also with its old size and time") {
    const test::TemporaryFolder folder;
    const std::string cache = (folder.path() / "cache").string();
    test::write_mnist_folder(folder.path());
    const std::string mnist = "mnist:" + folder.path().string();
    const std::filesystem::path labels = folder.path() / "train-labels-idx1-ubyte";
    load(mnist, unlimited, unlimited, 1, cache);
    const auto written = std::filesystem::last_write_time(labels);
    const auto before = changed_ns(labels);
    do {  // until the file system's clock has gone on
        test::write_raw(labels, test::idx_labels({4, 9, 0}));
        std::filesystem::last_write_time(labels, written);
    } while (changed_ns(labels) == before);
    const Dataset changed = load(mnist, unlimited, unlimited, 1, cache);
    CHECK(changed.train.labels == std::vector<std::uint8_t>{4, 9, 0});
    CHECK(files_in(cache).size() == 2);
}

TEST_CASE("a cache that cannot be written names the folder or file") {
    const test::TemporaryFolder folder;
    test::write_raw(folder.path() / "file", "x");
    const CacheEntry entry(folder.path() / "file", "mine");
    CHECK_THROWS_AS(entry.keep(small_dataset()), base::EnvironmentError);
}

TEST_CASE("mapping MNIST takes a small part of decoding it, where it is there") {
    const char* const named = std::getenv("LOCKSTEP_MNIST");
    const std::string mnist = named != nullptr ? named : "../shared/mnist";
    if (!std::filesystem::exists(mnist)) {
        WARN("skipped: no folder " << mnist << "; name one in the environment variable LOCKSTEP_MNIST");
        return;
    }
    const test::TemporaryFolder folder;
    const std::string cache = folder.path().string();
    const std::string spec = "mnist:" + mnist;
    const auto timed_s = [](const auto& work) {
        const auto began = std::chrono::steady_clock::now();
        work();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    Dataset read;
    const double decoding_s = timed_s([&] { read = load(spec, unlimited, unlimited, 1, cache); });
    CHECK(same_content(read, load(spec, unlimited, unlimited, 1, cache)));
    double mapping_s = decoding_s;
    for (int repetition = 0; repetition < 20; ++repetition)
        mapping_s = std::min(mapping_s, timed_s([&] { load(spec, unlimited, unlimited, 1, cache); }));
    INFO("decoded in " << decoding_s * 1e3 << " ms, mapped in " << mapping_s * 1e3 << " ms at best");
    CHECK(mapping_s < decoding_s / 4);
}
