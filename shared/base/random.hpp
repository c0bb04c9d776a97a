#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lockstep::base {

/// What a random stream is for. Part of the stream's key, so that no two purposes share draws and adding a
/// purpose leaves every other draw as it was. Append only: the number is part of every seeded result.
enum class Purpose : std::uint32_t {
    initialisation = 1,
    batch_order = 2,
    digit_images = 3,
    test = 4,
    processor_speed = 5,
    step_time = 6,
    link_jitter = 7,
    gossip_partner = 8,
    compression = 9,
    calibration_order = 10,
    calibration_resampling = 11
};

/// A reproducible stream of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011) keyed by (seed, purpose) with the counter's upper words holding (index, subindex),
/// for example (worker, epoch). Equal arguments give equal streams on any machine; streams never overlap.
class RandomStream {
  public:
    RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t index = 0, std::uint32_t subindex = 0);

    /// Uniform on all 2^32 values.
    std::uint32_t bits();

    /// Uniform on [0, 1): a multiple of 2^-32.
    double uniform();
    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// Uniform on 0 .. bound-1, without bias (Lemire 2019, "Fast random integer generation in an interval").
    std::uint32_t below(std::uint32_t bound);

    /// Fisher-Yates shuffle.
    void shuffle(std::span<std::uint32_t> values);

  private:
    std::uint64_t key_;
    std::uint32_t index_;
    std::uint32_t subindex_;
    std::uint64_t block_ = 0;
    std::uint32_t words_[4] = {};
    unsigned used_ = 4;
};

}  // namespace lockstep::base
