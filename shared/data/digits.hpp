#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "data/canvas.hpp"
#include "data/dataset.hpp"

namespace lockstep::data {

/// How far drawn digits stray from their design. Each value is drawn uniformly, per image or where said
/// otherwise.
struct DigitStyle {
    float rotation = 0.12F;       ///< largest tangent of half the angle, either way (0.12: 14 degrees)
    float shear = 0.3F;           ///< largest horizontal shift for each unit of height, either way
    float smallest_scale = 0.7F;  ///< pixels for each unit of the design grid, width and height apart
    float largest_scale = 1.0F;
    float translation = 2.0F;         ///< largest shift, in pixels, either way and in both directions
    float jitter = 1.2F;              ///< largest shift of each control point, in units of the design grid
    float smallest_thickness = 1.2F;  ///< of a stroke, in pixels
    float largest_thickness = 3.4F;
    float faintest_ink = 0.6F;  ///< as a share of full ink, up to 1
    float noise = 0.4F;  ///< largest amplitude of the noise added to each pixel, as a share of full ink
};

inline constexpr std::size_t digit_pixels = Canvas::side * Canvas::side;
inline constexpr std::size_t default_train_digits = 20'000;
inline constexpr std::size_t default_test_digits = 4'000;

enum class DigitSet : std::uint32_t { train = 0, test = 1 };

struct DigitImage {
    std::array<std::uint8_t, digit_pixels> pixels;
    std::uint8_t label;
};

/// Image `index` of a set: a digit chosen uniformly from 0 to 9, drawn with one of its glyphs under random
/// distortion. It depends on nothing but the arguments (stream `Purpose::digit_images`, index, set), so a
/// smaller set is a prefix of a larger one. The same bits on any machine: no function of libm is called.
/// Cost: about 3 microseconds.
DigitImage draw_digit(std::uint64_t seed, DigitSet set, std::uint32_t index, const DigitStyle& style = {});

/// The embedded default data set: 28 x 28 images in ten classes. The defaults of DigitStyle make it hard
/// enough to be interesting: after the default run (lr 1, lr-decay 0.99, batch 100, 5 epochs of 20 000
/// images) softmax regression gets about 0.88 of the test set right, a hidden layer of 64 sigmoid units about
/// 0.94.
Dataset make_digits(std::size_t train_samples, std::size_t test_samples, std::uint64_t seed);

/// Its description.
std::string describe_digits(std::size_t train_samples, std::size_t test_samples, std::uint64_t seed);

}  // namespace lockstep::data
