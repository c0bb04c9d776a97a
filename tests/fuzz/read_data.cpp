// Images and labels, and what is kept of them.
#include <array>
#include <string>

#include <zlib.h>

#include "base/file.hpp"
#include "data/cache.hpp"
#include "data/idx.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/readers.hpp"

namespace lockstep::fuzz {
namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";

std::filesystem::path gzipped(std::string_view input) {
    const std::filesystem::path path = folder() / "packed.gz";
    const gzFile file = gzopen(path.c_str(), "wb1");
    gzwrite(file, input.data(), static_cast<unsigned>(input.size()));
    gzclose(file);
    return path;
}

/// Two classes of images of 2 x 2 pixels.
data::Dataset small_dataset() {
    using Bytes = std::vector<std::uint8_t>;
    return {{}, 2, 2, 2, {Bytes{0, 1, 2, 3, 4, 5, 6, 7}, Bytes{0, 1}}, {Bytes{8, 9, 10, 11}, Bytes{1}}};
}

bool are_same(const data::Samples& a, const data::Samples& b) {
    return a.pixels == b.pixels && a.labels == b.labels;
}

/// Changes bytes from that place on; nothing where it lies beyond.
void damage(std::string& content, std::string_view input) {
    if (input.size() < 2) return;
    const auto high = static_cast<unsigned char>(input[0]);
    const auto low = static_cast<unsigned char>(input[1]);
    std::size_t place = high * 256U + low;
    for (const char change : input.substr(2))
        if (place < content.size()) content[place++] ^= change;
}

}  // namespace

void read_idx_file(std::string_view input) {
    const std::filesystem::path raw = file_of(input, "raw");
    const std::filesystem::path packed = gzipped(input);
    for (const data::IdxKind kind : {data::IdxKind::labels, data::IdxKind::images}) {
        accepts([&] { data::read_idx_header(packed, kind); });
        const auto content = taken([&] { return data::read_idx(raw, kind); });
        const auto unpacked = taken([&] { return data::read_idx(packed, kind); });
        if (!content) continue;
        require(content->bytes.size() == content->header.payload_B(), "all bytes are there that it promises");
        if (!input.starts_with(gzip_magic))
            require(unpacked && unpacked->bytes == content->bytes, "a packed file holds the same");
    }
    accepts([&] { data::read_idx_labels(raw); });
}

void read_data_cache(std::string_view input) {
    const data::CacheEntry entry(folder() / "cache", "fuzz");
    const data::Dataset kept = small_dataset();
    entry.keep(kept);
    const std::string before = base::read_file(entry.file());
    std::string content = before;
    damage(content, input);
    base::write_file_atomically(entry.file(), content);
    const auto found =
        entry.map({kept.rows, kept.columns, kept.classes, kept.train.size(), kept.test.size()});
    require(found || content != before, "what is kept is found");
    require(!found || (are_same(found->train, kept.train) && are_same(found->test, kept.test)),
            "what is found is what was kept");
}

}  // namespace lockstep::fuzz
