#include "tests/unit/data/idx_files.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <zlib.h>

namespace lockstep::test {

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lockstep-data-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string big_endian(const std::vector<std::uint32_t>& numbers) {
    std::string bytes;
    for (const std::uint32_t number : numbers)
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            bytes.push_back(static_cast<char>(number >> shift & 255U));
    return bytes;
}

std::string idx_labels(const std::vector<std::uint8_t>& labels) {
    return big_endian({2049, static_cast<std::uint32_t>(labels.size())}) +
           std::string(labels.begin(), labels.end());
}

std::string idx_images(std::uint32_t images, std::uint32_t rows, std::uint32_t columns) {
    std::string bytes = big_endian({2051, images, rows, columns});
    for (std::uint32_t i = 0; i < images; ++i)
        for (std::uint32_t p = 0; p < rows * columns; ++p)
            bytes.push_back(static_cast<char>((i * 7 + p) % 256));
    return bytes;
}

void write_raw(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string gzip(std::string_view bytes) {
    std::string input(bytes);
    std::string output(compressBound(input.size()) + 32, '\0');
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = static_cast<uInt>(output.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
    output.resize(stream.total_out);
    deflateEnd(&stream);
    return output;
}

void write_mnist_folder(const std::filesystem::path& folder) {
    write_raw(folder / "train-images-idx3-ubyte", idx_images(3, 2, 4));
    write_raw(folder / "train-labels-idx1-ubyte", idx_labels({9, 0, 4}));
    write_raw(folder / "t10k-images-idx3-ubyte.gz", gzip(idx_images(2, 2, 4)));
    write_raw(folder / "t10k-labels-idx1-ubyte.gz", gzip(idx_labels({1, 9})));
}

}  // namespace lockstep::test
