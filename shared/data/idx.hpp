#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace lockstep::data {

/// What an IDX file is read as, with the magic number that it usually has: unsigned bytes in one dimension,
/// or in three.
enum class IdxKind : std::uint32_t { labels = 2049, images = 2051 };

/// What the values of an IDX file are, by the third byte of its magic number.
enum class IdxType : std::uint8_t {
    unsigned_byte = 0x08,
    signed_byte = 0x09,
    int16 = 0x0B,
    int32 = 0x0C,
    float32 = 0x0D,
    float64 = 0x0E
};

/// The largest label that makes sense: labels are kept as bytes.
inline constexpr std::int32_t idx_label_max = 255;

/// What an IDX file's header says. An item is a label, with numbers beside it where there are columns, or an
/// image.
struct IdxHeader {
    std::size_t items = 0;
    std::size_t rows = 1;
    std::size_t columns = 1;
    IdxType type = IdxType::unsigned_byte;
    std::size_t item_B() const;
    std::size_t payload_B() const { return items * item_B(); }
};

struct IdxContent {
    IdxHeader header;
    std::vector<std::uint8_t> bytes;  ///< header.payload_B() of them
};

/// Largest number of rows or columns of an image, and of bytes of payload, that a header may promise.
inline constexpr std::size_t idx_side_max = 4096;
inline constexpr std::size_t idx_payload_max_B = std::size_t{1} << 34;

/// Reads the header of an IDX file, raw or gzip: two zero bytes, the type of the values, the number of
/// dimensions, each dimension as a big-endian 32-bit number; then the values, big-endian. The first labels
/// file of MNIST starts `00 00 08 01 | 00 00 ea 60 | 05 00 04 01 ...`: bytes in one dimension (magic number
/// 2049), 60 000 labels, 5, 0, 4, 1. Images are unsigned bytes in three dimensions. Labels are integers of
/// any type in one dimension, or 32-bit ones in two with eight columns, of which the first is the label:
/// QMNIST's, `00 00 0c 02 | 00 00 ea 60 | 00 00 00 08 | ...`.
///
/// Errors: InputError naming the file where it is missing, a folder, unreadable, named .gz without being
/// gzip, shorter than a header, of the wrong kind or type, or where the header promises no items, images of
/// no or more than 4096 rows or columns, or more (a raw file: or fewer) bytes than a file of this size can
/// hold.
/// Cost: at most a few KiB are read, whatever the header says.
IdxHeader read_idx_header(const std::filesystem::path& path, IdxKind kind);

/// Reads the whole file. Errors: as for the header, and InputError where the content is truncated, corrupt
/// (gzip has a checksum) or longer than promised. Memory grows with the bytes that are really there, in steps
/// of 64 MiB.
IdxContent read_idx(const std::filesystem::path& path, IdxKind kind);

/// The labels of a file of labels, as they stand in it. Errors: as of read_idx, and InputError naming the
/// position of a label below 0 or above `idx_label_max`.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

}  // namespace lockstep::data
