#include "data/cache.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/descriptor.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::data {
namespace {

constexpr std::string_view cache_magic = "lockstep-data-2";
constexpr std::size_t header_B = 4096;

std::string_view text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Of all pixels and labels.
std::string check(const Dataset& dataset) {
    std::string digests;
    for (const Samples* samples : {&dataset.train, &dataset.test})
        for (const SharedBytes* bytes : {&samples->pixels, &samples->labels})
            digests += base::digest_of_bytes(text(bytes->span()));
    return base::digest_of_bytes(digests);
}

/// A whole file in memory, read-only; nothing where it is not there or not of that size. Errors:
/// EnvironmentError.
std::shared_ptr<const std::uint8_t> map_file(const std::filesystem::path& path, std::size_t size) {
    const auto fail = [&] {
        throw base::EnvironmentError(
            fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
    };
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return nullptr;
    struct stat status {};
    if (!file.is_open() || ::fstat(file.number(), &status) != 0) fail();
    if (!S_ISREG(status.st_mode) || !std::cmp_equal(status.st_size, size)) return nullptr;
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.number(), 0);
    if (memory == MAP_FAILED) fail();
    return {static_cast<const std::uint8_t*>(memory),
            [size](const std::uint8_t* bytes) { ::munmap(const_cast<std::uint8_t*>(bytes), size); }};
}

/// Takes parts of a mapped file, one after the other.
class Parts {
  public:
    Parts(std::shared_ptr<const std::uint8_t> memory, std::size_t size)
        : memory_(std::move(memory)), rest_(memory_.get(), size) {}

    SharedBytes take(std::size_t size) {
        const auto part = rest_.first(size);
        rest_ = rest_.subspan(size);
        return {memory_, part};
    }

  private:
    std::shared_ptr<const std::uint8_t> memory_;
    std::span<const std::uint8_t> rest_;
};

}  // namespace

CacheEntry::CacheEntry(const std::filesystem::path& folder, std::string identity)
    : file_(folder / (base::digest_of_bytes(fmt::format("{}\n{}", cache_magic, identity)) + ".data")),
      identity_(std::move(identity)) {}

std::string CacheEntry::header(const Dataset& dataset) const {
    // A long identity is cut: the check has all of it.
    const std::string whole = base::digest_of_bytes(identity_ + check(dataset));
    std::string header = fmt::format("{}\n{}\n{}\n", cache_magic, identity_.substr(0, header_B / 2), whole);
    header.resize(header_B, '\0');
    return header;
}

std::optional<Dataset> CacheEntry::map(const DatasetShape& shape) const {
    const std::size_t pixels = shape.pixels_per_image();
    const std::size_t size = header_B + (shape.train_samples + shape.test_samples) * (pixels + 1);
    const auto memory = map_file(file_, size);
    if (!memory) return std::nullopt;
    Parts parts(memory, size);
    const SharedBytes found = parts.take(header_B);
    Dataset dataset{{}, shape.rows, shape.columns, shape.classes, {}, {}};
    dataset.train.pixels = parts.take(shape.train_samples * pixels);
    dataset.train.labels = parts.take(shape.train_samples);
    dataset.test.pixels = parts.take(shape.test_samples * pixels);
    dataset.test.labels = parts.take(shape.test_samples);
    if (text(found.span()) != header(dataset)) return std::nullopt;
    return dataset;
}

bool CacheEntry::discard() const {
    std::error_code ignored;
    return std::filesystem::remove(file_, ignored);
}

void CacheEntry::keep(const Dataset& dataset) const {
    std::error_code problem;
    std::filesystem::create_directories(file_.parent_path(), problem);
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot create: {}", file_.parent_path().string(), problem.message()));
    base::remove_leftovers(file_.parent_path());
    std::string content = header(dataset);
    content.reserve(content.size() +
                    (dataset.train.size() + dataset.test.size()) * (dataset.pixels_per_image() + 1));
    for (const Samples* samples : {&dataset.train, &dataset.test})
        for (const SharedBytes* bytes : {&samples->pixels, &samples->labels}) content += text(bytes->span());
    base::write_file_atomically(file_, content);
}

}  // namespace lockstep::data
