#include "base/random.hpp"
#include "data/idx.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/allocations.hpp"
#include "tests/unit/data/idx_files.hpp"

using namespace lockstep;
using namespace lockstep::data;
using Catch::Matchers::ContainsSubstring;
using test::big_endian;
using test::refusal;

namespace {

/// Writes `bytes` to a file called `name` and returns what reading it as `kind` is refused with.
std::string refused(const std::string& name, const std::string& bytes, IdxKind kind) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / name;
    test::write_raw(path, bytes);
    std::string message = refusal([&] { read_idx(path, kind); });
    CHECK_THAT(message, ContainsSubstring(path.string()) && ContainsSubstring("given '") &&
                            ContainsSubstring("allowed: "));
    return message;
}

std::string some_noise(std::size_t size) {
    base::RandomStream stream(1, base::Purpose::test);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(stream.bits() & 255U);
    return bytes;
}

}  // namespace

TEST_CASE("labels and images are read raw and from gzip, whatever a gzip file is called") {
    const test::TemporaryFolder folder;
    const auto [name, gzip] = GENERATE(
        table<std::string, bool>({{"file", false}, {"file", true}, {"file.gz", true}, {"file.idx", true}}));
    const auto path = folder.path() / name;
    const auto write = [&path, packed = gzip](const std::string& bytes) {
        test::write_raw(path, packed ? test::gzip(bytes) : bytes);
    };

    write(test::idx_labels({5, 0, 4, 255}));
    const IdxContent labels = read_idx(path, IdxKind::labels);
    CHECK(labels.header.items == 4);
    CHECK(labels.bytes == std::vector<std::uint8_t>{5, 0, 4, 255});

    write(big_endian({2051, 2, 1, 3}) + "abcdef");
    const IdxContent images = read_idx(path, IdxKind::images);
    CHECK(images.header.items == 2);
    CHECK(images.header.rows == 1);
    CHECK(images.header.columns == 3);
    CHECK(images.bytes == std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'});
    CHECK(read_idx_header(path, IdxKind::images).payload_B() == 6);
}

TEST_CASE("content longer than one reading step arrives whole") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "images.gz";
    constexpr std::uint32_t side = 4096;
    std::string bytes(std::size_t{5} * side * side, '\0');  // 80 MiB in steps of 64
    bytes.back() = 'z';
    test::write_raw(path, test::gzip(big_endian({2051, 5, side, side}) + bytes));
    const IdxContent images = read_idx(path, IdxKind::images);
    CHECK(images.bytes.size() == bytes.size());
    CHECK(images.bytes.back() == 'z');
}

TEST_CASE("a missing file, a folder and a device are refused") {
    const test::TemporaryFolder folder;
    CHECK_THAT(refusal([&] { read_idx(folder.path() / "none", IdxKind::labels); }),
               ContainsSubstring((folder.path() / "none").string()) && ContainsSubstring("no such file"));
    CHECK_THAT(refusal([&] { read_idx(folder.path(), IdxKind::labels); }),
               ContainsSubstring("given 'a folder'"));
    CHECK_THAT(refusal([&] { read_idx("/dev/null", IdxKind::labels); }),
               ContainsSubstring("not a regular file"));
}

TEST_CASE("truncated files are refused at every length") {
    const std::string images = test::idx_images(2, 2, 3);
    const std::string packed = test::gzip(images);
    for (std::size_t size = 0; size < images.size(); ++size) {
        INFO("first " << size << " bytes of " << images.size());
        CHECK_THAT(refused("raw", images.substr(0, size), IdxKind::images),
                   ContainsSubstring(size < 16 ? "ends within its header" : "promises 2 images"));
        CHECK_THAT(refused("unpacked.gz", test::gzip(images.substr(0, size)), IdxKind::images),
                   ContainsSubstring(size < 16 ? "ends within its header" : "bytes of content"));
    }
    for (std::size_t size = 2; size < packed.size(); ++size) {
        INFO("first " << size << " bytes of " << packed.size());
        CHECK_THAT(refused("packed.gz", packed.substr(0, size), IdxKind::images),
                   ContainsSubstring("ends in the middle"));
    }
}

TEST_CASE("trailing bytes are refused") {
    CHECK_THAT(refused("raw", test::idx_labels({1, 2}) + "x", IdxKind::labels),
               ContainsSubstring("in a file of 11 bytes") && ContainsSubstring("a file of 10 bytes"));
    CHECK_THAT(refused("packed.gz", test::gzip(test::idx_labels({1, 2}) + "x"), IdxKind::labels),
               ContainsSubstring("further bytes after the content"));
}

TEST_CASE("a flipped bit of gzip is found") {
    const std::string packed = test::gzip(test::idx_images(20, 5, 5));
    const std::size_t first_of_checksum = packed.size() - 8;
    for (const std::size_t position : {packed.size() / 2, first_of_checksum}) {
        std::string corrupt = packed;
        corrupt[position] = static_cast<char>(corrupt[position] ^ 0x10);
        CHECK_THAT(refused("corrupt.gz", corrupt, IdxKind::images), ContainsSubstring("corrupt gzip file"));
    }
}

TEST_CASE("a file that is not gzip must not be called .gz") {
    CHECK_THAT(refused("raw.gz", test::idx_labels({1, 2}), IdxKind::labels),
               ContainsSubstring("not gzip although"));
    CHECK_THAT(refused("page.gz", "<html>404 Not Found</html>", IdxKind::labels),
               ContainsSubstring("not gzip although"));
}

TEST_CASE("a wrong magic number is named, and swapped files are recognised") {
    CHECK_THAT(refused("labels", test::idx_images(1, 1, 1), IdxKind::labels),
               ContainsSubstring("magic number 2051 (images)") &&
                   ContainsSubstring("magic number 2049 (labels)") && ContainsSubstring("swapped"));
    CHECK_THAT(refused("images", test::idx_labels({1}), IdxKind::images), ContainsSubstring("swapped"));
    CHECK_THAT(refused("images", big_endian({1234567}) + "............", IdxKind::images),
               ContainsSubstring("magic number 1234567") && ContainsSubstring("magic number 2051 (images)") &&
                   ContainsSubstring("fetch_mnist"));
}

TEST_CASE("labels may be integers of any type, and numbers that are no labels are named") {
    struct Case {
        std::uint32_t magic;
        std::string values;
        std::vector<std::uint8_t> labels;
    };
    const auto bytes = [](const char* text, std::size_t size) { return std::string(text, size); };
    const Case example = GENERATE_COPY(values<Case>({{0x801, bytes("\x05\xff", 2), {5, 255}},
                                                     {0x901, bytes("\x05\x7f", 2), {5, 127}},
                                                     {0xB01, bytes("\0\x05\0\xff", 4), {5, 255}},
                                                     {0xC01, bytes("\0\0\0\x05\0\0\0\xff", 8), {5, 255}}}));
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "labels";
    test::write_raw(path, big_endian({example.magic, 2}) + example.values);
    CHECK(read_idx_labels(path) == example.labels);

    const auto refused_label = [&](const std::string& file) {
        test::write_raw(path, file);
        return refusal([&] { read_idx_labels(path); });
    };
    CHECK_THAT(
        refused_label(big_endian({0xC01, 2, 3, 65535})),
        ContainsSubstring("given 'label 65535 at position 1'") && ContainsSubstring("labels from 0 to 255"));
    CHECK_THAT(refused_label(big_endian({0xC01, 1, 0xFFFFFFFF})),
               ContainsSubstring("label -1 at position 0"));
    CHECK_THAT(refused_label(big_endian({0xB01, 1}) + "\xff\xfe"),
               ContainsSubstring("label -2 at position 0"));
    CHECK_THAT(refused_label(big_endian({0x901, 1}) + "\xfd"), ContainsSubstring("label -3 at position 0"));
}

TEST_CASE("IDX files of other types and dimensions are refused by naming what they are") {
    struct Case {
        IdxKind kind;
        std::vector<std::uint32_t> header;
        const char* given;
        const char* allowed;
    };
    constexpr auto images = IdxKind::images;
    constexpr auto labels = IdxKind::labels;
    const Case example = GENERATE_COPY(
        values<Case>({{images, {0xD03, 1, 1, 1}, "values of 4 bytes (float)", "pixels of 1 byte (unsigned)"},
                      {images, {0xE03, 1, 1, 1}, "values of 8 bytes (double)", "pixels of 1 byte"},
                      {images, {0xB03, 1, 1, 1}, "values of 2 bytes (integer)", "pixels of 1 byte"},
                      {images, {0x903, 1, 1, 1}, "values of 1 byte (signed)", "pixels of 1 byte (unsigned)"},
                      {images, {0x802, 1, 1}, "an array of 2 dimension(s)", "3 dimensions"},
                      {images, {0x804, 1, 1, 1, 3}, "an array of 4 dimension(s)", "3 dimensions"},
                      {labels, {0xD01, 1, 1}, "values of 4 bytes (float)", "whole numbers from 0 to 255"},
                      {labels, {0x802, 1, 10}, "labels of 10 columns of 1 byte(s)", "8 columns of 4 bytes"},
                      {labels, {0xC02, 1, 7}, "labels of 7 columns of 4 byte(s)", "8 columns of 4 bytes"},
                      {labels, {0x803, 1, 1, 1}, "magic number 2051 (images)", "magic number 2049"}}));
    const std::string bytes = big_endian(example.header) + std::string(64, '\0');
    for (const std::string& stored : {bytes, test::gzip(bytes)})
        CHECK_THAT(refused("file", stored, example.kind),
                   ContainsSubstring(example.given) && ContainsSubstring(example.allowed));
}

TEST_CASE("absurd sizes in the header are refused before memory is allocated") {
    const std::uint32_t many = 4'000'000'000;
    const std::string content(1000, 'x');
    struct Case {
        std::vector<std::uint32_t> header;
        const char* given;
    };
    const Case example =
        GENERATE_REF(values<Case>({{{2051, many, 28, 28}, "4000000000 images"},
                                   {{2051, many, 4096, 4096}, "allowed: at most 17179869184 bytes"},
                                   {{2051, 10'000, 28, 28}, "10000 images"},
                                   {{2051, 0, 28, 28}, "0 images"},
                                   {{2051, 1, 0, 28}, "0 x 28 pixels"},
                                   {{2051, 1, 28, 0}, "28 x 0 pixels"},
                                   {{2051, 1, 4097, 1}, "4097 x 1 pixels"},
                                   {{2051, 1, 1, many}, "1 x 4000000000 pixels"},
                                   {{2049, many}, "4000000000 labels"},
                                   {{2049, 0}, "0 labels"}}));
    const auto kind = IdxKind{example.header[0]};
    const std::string bytes = big_endian(example.header) + content;
    for (const bool gzip : {false, true}) {
        const std::string stored = gzip ? test::gzip(bytes) : bytes;
        const test::Allocations allocations;
        CHECK_THAT(refused("file", stored, kind), ContainsSubstring(example.given));
        CHECK(allocations.largest_B() < 100'000);
    }
}

TEST_CASE("the header alone tells that a file is too small for its promise") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "images";
    const std::string bytes = big_endian({2051, 10'000, 28, 28}) + std::string(1000, 'x');
    test::write_raw(path, bytes);
    CHECK_THAT(refusal([&] { read_idx_header(path, IdxKind::images); }),
               ContainsSubstring("in a file of 1016 bytes") && ContainsSubstring("a file of 7840016 bytes"));
    test::write_raw(path, test::gzip(bytes));
    CHECK_THAT(refusal([&] { read_idx_header(path, IdxKind::images); }),
               ContainsSubstring("bytes of gzip can hold"));
}

TEST_CASE("zeros, which deflate packs best, do not look like too small a file") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "images.gz";
    test::write_raw(path, test::gzip(big_endian({2051, 10'000, 28, 28}) + std::string(7'840'000, '\0')));
    CHECK(read_idx(path, IdxKind::images).bytes.size() == 7'840'000);
}

TEST_CASE("a promise that a gzip file could keep but does not takes no more memory than a reading step") {
    const std::string packed = test::gzip(big_endian({2049, 200'000'000}) + some_noise(250'000));
    const test::Allocations allocations;
    CHECK_THAT(refused("labels.gz", packed, IdxKind::labels),
               ContainsSubstring("only 250000 bytes of content") && ContainsSubstring("200000000 bytes"));
    CHECK(allocations.largest_B() <= std::size_t{1} << 26);
}
