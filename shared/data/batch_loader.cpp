#include "data/batch_loader.hpp"

#include <cassert>

#include "base/vectorised.hpp"

namespace lockstep::data {
namespace {

LOCKSTEP_VECTORISED void to_unit_interval(const std::uint8_t* bytes, std::size_t count, float* values) {
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(bytes[i]) / 255.0F;
}

}  // namespace

BatchLoader::BatchLoader(const Samples& samples, std::size_t pixels_per_image, std::size_t capacity)
    : samples_(&samples),
      pixels_per_image_(pixels_per_image),
      images_(capacity * pixels_per_image),
      labels_(capacity) {
    assert(samples.pixels.size() == samples.size() * pixels_per_image);
}

model::Batch BatchLoader::gather(std::span<const std::uint32_t> indices) {
    assert(indices.size() <= capacity());
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (i + ahead < indices.size()) prefetch_sample(indices[i + ahead]);
        copy_sample(indices[i], i);
    }
    return batch(indices.size());
}

model::Batch BatchLoader::range(std::size_t first, std::size_t size) {
    assert(size <= capacity());
    for (std::size_t i = 0; i < size; ++i) copy_sample(first + i, i);
    return batch(size);
}

void BatchLoader::prefetch_sample(std::size_t sample) const {
    constexpr std::size_t cache_line = 64;
    const std::uint8_t* const source = samples_->pixels.data() + sample * pixels_per_image_;
    for (std::size_t i = 0; i < pixels_per_image_; i += cache_line) __builtin_prefetch(source + i);
}

void BatchLoader::copy_sample(std::size_t sample, std::size_t position) {
    assert(sample < samples_->size());
    const std::uint8_t* const source = samples_->pixels.data() + sample * pixels_per_image_;
    to_unit_interval(source, pixels_per_image_, images_.data() + position * pixels_per_image_);
    labels_[position] = samples_->labels[sample];
}

model::Batch BatchLoader::batch(std::size_t size) const {
    return {images_.span().first(size * pixels_per_image_), std::span(labels_).first(size)};
}

}  // namespace lockstep::data
