#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace lockstep::data {

/// The two kinds of IDX file that MNIST and Fashion-MNIST consist of, by magic number.
enum class IdxKind : std::uint32_t { labels = 2049, images = 2051 };

/// What an IDX file's header says. An item is a label (1 x 1) or an image.
struct IdxHeader {
    std::size_t items = 0;
    std::size_t rows = 1;
    std::size_t columns = 1;
    std::size_t payload_B() const { return items * rows * columns; }
};

struct IdxContent {
    IdxHeader header;
    std::vector<std::uint8_t> bytes;  ///< header.payload_B() of them
};

/// Largest number of rows or columns of an image, and of bytes of payload, that a header may promise.
inline constexpr std::size_t idx_side_max = 4096;
inline constexpr std::size_t idx_payload_max_B = std::size_t{1} << 34;

/// Reads the header of an IDX file, raw or gzip: big-endian 32-bit magic number and number of items, for
/// images also rows and columns, then one byte a label or pixel. The first labels file of MNIST starts `00 00
/// 08 01 | 00 00 ea 60 | 05 00 04 01 ...`: magic 2049, 60 000 labels, 5, 0, 4, 1.
///
/// Errors: InputError naming the file where it is missing, a folder, unreadable, named .gz without being
/// gzip, shorter than a header, of the wrong kind, or where the header promises no items, images of no or
/// more than 4096 rows or columns, or more (a raw file: or fewer) bytes than a file of this size can hold.
/// Cost: at most a few KiB are read, whatever the header says.
IdxHeader read_idx_header(const std::filesystem::path& path, IdxKind kind);

/// Reads the whole file. Errors: as for the header, and InputError where the content is truncated, corrupt
/// (gzip has a checksum) or longer than promised. Memory grows with the bytes that are really there, in steps
/// of 64 MiB.
IdxContent read_idx(const std::filesystem::path& path, IdxKind kind);

}  // namespace lockstep::data
