#include "data/idx.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "base/error.hpp"

namespace lockstep::data {
namespace {

using base::InputError;

constexpr std::string_view remedy = "fetch it again, for MNIST with tools/fetch_mnist";

std::string_view name_of(IdxKind kind) {
    return kind == IdxKind::images ? "images" : "labels";
}

struct TypeTraits {
    IdxType type;
    std::string_view name;
    std::size_t size_B;
};
constexpr std::array<TypeTraits, 6> types{{{IdxType::unsigned_byte, "unsigned", 1},
                                           {IdxType::signed_byte, "signed", 1},
                                           {IdxType::int16, "integer", 2},
                                           {IdxType::int32, "integer", 4},
                                           {IdxType::float32, "float", 4},
                                           {IdxType::float64, "double", 8}}};

const TypeTraits& traits(IdxType type) {
    return *std::ranges::find(types, type, &TypeTraits::type);
}

/// QMNIST's label, and seven numbers about who wrote the digit.
constexpr std::size_t qmnist_columns = 8;

/// An open IDX file: zlib reads gzip and, where the first bytes are not gzip's, the bytes as they are.
class IdxFile {
  public:
    IdxFile(std::filesystem::path path, IdxKind kind)
        : path_(std::move(path)), kind_(kind), dimensions_(kind == IdxKind::images ? 3 : 1) {
        open();
        read_magic();
        header_.items = read_number();
        if (kind_ == IdxKind::images) header_.rows = read_number();
        if (dimensions_ > 1) header_.columns = read_number();
        check_header();
        check_size();
    }

    const IdxHeader& header() const { return header_; }

    std::vector<std::uint8_t> read_payload() {
        constexpr std::size_t step = std::size_t{1} << 26;
        std::vector<std::uint8_t> bytes;
        while (bytes.size() < header_.payload_B()) {
            const std::size_t have = bytes.size();
            const std::size_t want = std::min(step, header_.payload_B() - have);
            bytes.resize(have + want);
            const std::size_t got = read(bytes.data() + have, want);
            if (got < want) refuse_length(fmt::format("only {} bytes of content", have + got));
        }
        std::uint8_t beyond = 0;
        if (read(&beyond, 1) > 0) refuse_length("further bytes after the content");
        return bytes;
    }

  private:
    struct Close {
        void operator()(gzFile_s* file) const { gzclose(file); }
    };

    [[noreturn]] void refuse(std::string_view given, std::string_view allowed,
                             std::string_view what_to_do = remedy) const {
        throw InputError(path_.string(), given, allowed, what_to_do);
    }

    [[noreturn]] void refuse_length(std::string_view given) const {
        refuse(given, fmt::format("{} bytes, for the {} {} that the header promises", header_.payload_B(),
                                  header_.items, name_of(kind_)));
    }

    bool named_gzip() const { return path_.extension() == ".gz"; }
    bool is_gzip() const { return gzdirect(file_.get()) == 0; }

    void open() {
        std::error_code problem;
        const auto type = std::filesystem::status(path_, problem).type();
        const std::string allowed = fmt::format("an IDX file of {}, raw or gzip", name_of(kind_));
        if (type == std::filesystem::file_type::not_found) refuse("no such file", allowed);
        if (type == std::filesystem::file_type::directory) refuse("a folder", allowed, "name a file in it");
        if (type != std::filesystem::file_type::regular && type != std::filesystem::file_type::unknown)
            refuse("not a regular file", allowed, "name a file");
        errno = 0;
        file_.reset(gzopen(path_.c_str(), "rb"));
        if (!file_) refuse(std::strerror(errno), allowed, "check the file's permissions");
        gzbuffer(file_.get(), 1U << 18);
    }

    /// Up to `size` bytes; fewer only at the end of the file, be it the right one or one that came too early.
    std::size_t read(std::uint8_t* target, std::size_t size) {
        const int got = gzread(file_.get(), target, static_cast<unsigned>(size));
        int code = Z_OK;
        const std::string message = gzerror(file_.get(), &code);
        if (code == Z_ERRNO) throw base::EnvironmentError(fmt::format("{}: read failed", path_.string()));
        if (code == Z_BUF_ERROR) refuse("a gzip file that ends in the middle", "a whole gzip file");
        if (got < 0) refuse(fmt::format("a corrupt gzip file ({})", message), "a gzip file that unpacks");
        return static_cast<std::size_t>(got);
    }

    std::size_t read_number() {
        std::array<std::uint8_t, 4> bytes{};
        if (read(bytes.data(), bytes.size()) < bytes.size())
            refuse(
                "a file that ends within its header",
                fmt::format("an IDX file of {}, with a header of {} bytes", name_of(kind_), header_size_B()));
        return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 |
               bytes[3];
    }

    void read_magic() {
        const std::size_t magic = read_number();
        if (named_gzip() && !is_gzip())
            refuse("a file that is not gzip although its name ends in .gz", "gzip, or a name without .gz");
        const auto type = static_cast<IdxType>(magic >> 8U & 255U);
        const bool is_idx = magic >> 16U == 0 && std::ranges::count(types, type, &TypeTraits::type) == 1;
        const IdxKind other = kind_ == IdxKind::images ? IdxKind::labels : IdxKind::images;
        const bool swapped = magic == static_cast<std::size_t>(other);
        if (!is_idx || swapped)
            refuse(
                fmt::format("magic number {}{}", magic, swapped ? fmt::format(" ({})", name_of(other)) : ""),
                fmt::format("magic number {} ({})", static_cast<std::size_t>(kind_), name_of(kind_)),
                swapped ? "are the files of images and labels swapped?" : remedy);
        header_.type = type;
        dimensions_ = magic & 255U;
        check_type();
    }

    void check_type() const {
        const TypeTraits& found = traits(header_.type);
        const std::string given =
            fmt::format("values of {} byte{} ({})", found.size_B, found.size_B == 1 ? "" : "s", found.name);
        const bool is_integer = header_.type < IdxType::float32;
        if (kind_ == IdxKind::images) {
            if (header_.type != IdxType::unsigned_byte)
                refuse(given, "pixels of 1 byte (unsigned), from 0 to 255", "convert them to bytes");
            if (dimensions_ != 3)
                refuse(fmt::format("an array of {} dimension(s)", dimensions_),
                       "3 dimensions: images, rows, columns", "images are grey, one byte a pixel");
            return;
        }
        if (!is_integer)
            refuse(given, fmt::format("labels that are whole numbers from 0 to {}", idx_label_max),
                   "convert them to bytes");
        if (dimensions_ != 1 && dimensions_ != 2)
            refuse(fmt::format("an array of {} dimensions", dimensions_), "1 dimension, or QMNIST's 2",
                   "a label is one number");
    }

    void check_header() const {
        if (header_.items == 0)
            refuse(fmt::format("a header that promises 0 {}", name_of(kind_)), "at least one");
        const auto sane = [](std::size_t side) { return side >= 1 && side <= idx_side_max; };
        const bool is_table = kind_ == IdxKind::labels && header_.columns != 1;
        if (is_table && (header_.columns != qmnist_columns || header_.type != IdxType::int32))
            refuse(fmt::format("labels of {} columns of {} byte(s)", header_.columns,
                               traits(header_.type).size_B),
                   "one number a label, or the 8 columns of 4 bytes of QMNIST", "keep the column of classes");
        if (!sane(header_.rows) || !sane(header_.columns))
            refuse(
                fmt::format("a header that promises images of {} x {} pixels", header_.rows, header_.columns),
                fmt::format("1 x 1 to {0} x {0}", idx_side_max));
        if (header_.payload_B() > idx_payload_max_B)
            refuse(promise(), fmt::format("at most {} bytes", idx_payload_max_B));
    }

    /// What the file's size says of the header's promise before any memory is allocated: a raw file's length
    /// is exact, and deflate packs at most 1032 bytes into one (zlib, "Technical Details").
    void check_size() const {
        const std::size_t size = std::filesystem::file_size(path_);
        if (is_gzip()) {
            if (header_.payload_B() / 1032 > size)
                refuse(promise(), fmt::format("what {} bytes of gzip can hold", size));
        } else if (size != header_size_B() + header_.payload_B()) {
            refuse(fmt::format("{}, in a file of {} bytes", promise(), size),
                   fmt::format("a file of {} bytes", header_size_B() + header_.payload_B()));
        }
    }

    std::string promise() const {
        return fmt::format("a header that promises {} {} ({} bytes)", header_.items, name_of(kind_),
                           header_.payload_B());
    }

    std::size_t header_size_B() const { return 4 + 4 * dimensions_; }

    std::filesystem::path path_;
    IdxKind kind_;
    std::size_t dimensions_;
    IdxHeader header_;
    std::unique_ptr<gzFile_s, Close> file_;
};

/// The first value of an item.
std::int32_t label_of(std::span<const std::uint8_t> item, IdxType type) {
    std::uint32_t number = 0;
    const std::size_t size_B = traits(type).size_B;
    for (const std::uint8_t byte : item.first(size_B)) number = number << 8U | byte;
    if (type == IdxType::signed_byte) return static_cast<std::int8_t>(number);
    if (type == IdxType::int16) return static_cast<std::int16_t>(number);
    return static_cast<std::int32_t>(number);
}

}  // namespace

std::size_t IdxHeader::item_B() const {
    return rows * columns * traits(type).size_B;
}

IdxHeader read_idx_header(const std::filesystem::path& path, IdxKind kind) {
    return IdxFile(path, kind).header();
}

IdxContent read_idx(const std::filesystem::path& path, IdxKind kind) {
    IdxFile file(path, kind);
    return {file.header(), file.read_payload()};
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path) {
    const auto [header, bytes] = read_idx(path, IdxKind::labels);
    std::vector<std::uint8_t> labels(header.items);
    for (std::size_t i = 0; i < header.items; ++i) {
        const auto item = std::span(bytes).subspan(i * header.item_B(), header.item_B());
        const std::int32_t label = label_of(item, header.type);
        if (label < 0 || label > idx_label_max)
            throw InputError(path.string(), fmt::format("label {} at position {}", label, i),
                             fmt::format("labels from 0 to {}", idx_label_max),
                             "number the classes from 0 or 1");
        labels[i] = static_cast<std::uint8_t>(label);
    }
    return labels;
}

}  // namespace lockstep::data
