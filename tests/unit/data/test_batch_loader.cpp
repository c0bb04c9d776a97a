#include <cstdint>

#include "data/batch_loader.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/allocations.hpp"

using namespace lockstep;
using namespace lockstep::data;

namespace {

/// Sample i has pixels 10 i, 10 i + 1, 10 i + 2 and label i.
Samples small_samples(std::uint8_t size) {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    for (std::uint8_t i = 0; i < size; ++i) {
        labels.push_back(i);
        for (std::uint8_t p = 0; p < 3; ++p) pixels.push_back(static_cast<std::uint8_t>(10 * i + p));
    }
    return {std::move(pixels), std::move(labels)};
}

std::vector<float> values(std::span<const float> images) {
    return {images.begin(), images.end()};
}
std::vector<std::uint8_t> values(std::span<const std::uint8_t> labels) {
    return {labels.begin(), labels.end()};
}

}  // namespace

TEST_CASE("samples are gathered in the order of their indices, scaled to [0, 1]") {
    const Samples samples = small_samples(5);
    BatchLoader loader(samples, 3, 4);
    CHECK(loader.capacity() == 4);
    const std::uint32_t indices[] = {4, 0, 4};
    const model::Batch batch = loader.gather(indices);
    CHECK(batch.size() == 3);
    CHECK(values(batch.labels) == std::vector<std::uint8_t>{4, 0, 4});
    CHECK(values(batch.images) == std::vector<float>{40 / 255.0F, 41 / 255.0F, 42 / 255.0F, 0, 1 / 255.0F,
                                                     2 / 255.0F, 40 / 255.0F, 41 / 255.0F, 42 / 255.0F});
}

TEST_CASE("a range is what gathering its indices gives") {
    const Samples samples = small_samples(20);
    BatchLoader ranging(samples, 3, 12);
    BatchLoader gathering(samples, 3, 12);
    const std::uint32_t indices[] = {7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    const model::Batch range = ranging.range(7, 11);
    const model::Batch gathered = gathering.gather(indices);
    CHECK(values(range.labels) == values(gathered.labels));
    CHECK(values(range.images) == values(gathered.images));
    CHECK(values(range.labels).front() == 7);
    CHECK(values(range.labels).back() == 17);
}

TEST_CASE("every byte becomes the float nearest to byte / 255") {
    std::vector<std::uint8_t> pixels;
    for (int byte = 0; byte < 256; ++byte) pixels.push_back(static_cast<std::uint8_t>(byte));
    const Samples samples{std::move(pixels), std::vector<std::uint8_t>{0}};
    BatchLoader loader(samples, 256, 1);
    const model::Batch batch = loader.range(0, 1);
    for (std::size_t byte = 0; byte < 256; ++byte)
        CHECK(batch.images[byte] == static_cast<float>(static_cast<double>(byte) / 255.0));
    CHECK(batch.images[255] == 1.0F);
}

TEST_CASE("batches start on the boundary that arithmetic needs and are loaded without allocation") {
    const Samples samples = small_samples(20);
    BatchLoader loader(samples, 3, 16);
    const std::uint32_t indices[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
    const test::Allocations allocations;
    const model::Batch gathered = loader.gather(indices);
    const model::Batch ranged = loader.range(5, 3);
    const std::size_t counted = allocations.count();
    CHECK(counted == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(gathered.images.data()) % base::FloatBuffer::alignment == 0);
    CHECK(ranged.images.data() == gathered.images.data());
}
