#include "data/digits.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"
#include "data/glyphs.hpp"

namespace lockstep::data {
namespace {

using base::RandomStream;

float between(RandomStream& stream, float low, float high) {
    return low + (high - low) * static_cast<float>(stream.uniform());
}

float either_way(RandomStream& stream, float most) {
    return between(stream, -most, most);
}

/// From the design grid to pixels: scale, then shear, then rotation, then translation.
class Affine {
  public:
    Affine(RandomStream& stream, const DigitStyle& style) {
        const float t = either_way(stream, style.rotation);
        const float cosine = (1.0F - t * t) / (1.0F + t * t);
        const float sine = 2.0F * t / (1.0F + t * t);
        const float shear = either_way(stream, style.shear);
        const float width = between(stream, style.smallest_scale, style.largest_scale);
        const float height = between(stream, style.smallest_scale, style.largest_scale);
        xx_ = cosine * width;
        xy_ = (-cosine * shear - sine) * height;
        yx_ = sine * width;
        yy_ = (-sine * shear + cosine) * height;
        const float centre = static_cast<float>(Canvas::side - 1) / 2.0F;
        x_ = centre + either_way(stream, style.translation);
        y_ = centre + either_way(stream, style.translation);
    }

    Position operator()(float x, float y) const { return {xx_ * x + xy_ * y + x_, yx_ * x + yy_ * y + y_}; }

  private:
    float xx_, xy_, yx_, yy_, x_, y_;
};

/// Position `t` (0 to 1) on the uniform Catmull-Rom span from `b` to `c` with neighbours `a` and `d`.
float spline(float a, float b, float c, float d, float t) {
    const float linear = c - a;
    const float square = 2.0F * a - 5.0F * b + 4.0F * c - d;
    const float cube = 3.0F * (b - c) + d - a;
    return b + 0.5F * t * (linear + t * (square + t * cube));
}

Position spline(Position a, Position b, Position c, Position d, float t) {
    return {spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)};
}

void draw_curve(Canvas& canvas, std::span<const Position> points, bool closed) {
    constexpr int pieces = 4;
    const std::size_t size = points.size();
    const std::size_t spans = closed ? size : size - 1;
    for (std::size_t i = 0; i < spans; ++i) {
        const Position& before = points[i > 0 ? i - 1 : (closed ? size - 1 : 0)];
        const Position& after = points[closed ? (i + 2) % size : std::min(i + 2, size - 1)];
        const Position& end = points[(i + 1) % size];
        Position from = points[i];
        for (int piece = 1; piece <= pieces; ++piece) {
            const Position to = spline(before, points[i], end, after, static_cast<float>(piece) / pieces);
            canvas.draw_segment(from, to);
            from = to;
        }
    }
}

void draw_stroke(Canvas& canvas, const Stroke& stroke, const Affine& affine, float jitter,
                 RandomStream& stream) {
    std::array<Position, Stroke::capacity> storage{};
    const auto points = std::span(storage).first(stroke.size);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const float x = static_cast<float>(stroke.points[i].x) + either_way(stream, jitter);
        const float y = static_cast<float>(stroke.points[i].y) + either_way(stream, jitter);
        points[i] = affine(x, y);
    }
    if (stroke.shape != StrokeShape::straight)
        return draw_curve(canvas, points, stroke.shape == StrokeShape::closed);
    for (std::size_t i = 1; i < points.size(); ++i) canvas.draw_segment(points[i - 1], points[i]);
}

/// Ink falls from full at half a pixel inside the stroke's edge to none at half a pixel outside.
struct Pen {
    float radius;
    float ink;
    float reach() const { return radius + 0.5F; }
    float coverage(float squared_distance) const {
        const float outer = (radius + 0.5F) * (radius + 0.5F);
        const float slope = 1.0F / (2.0F * radius);  // outer - (radius - 0.5)^2 is 2 radius
        return ink * std::min(std::max((outer - squared_distance) * slope, 0.0F), 1.0F);
    }
};

void develop(const Canvas& canvas, const Pen& pen, float noise, RandomStream& stream, DigitImage& image) {
    static_assert(Canvas::side % 4 == 0, "a row takes its noise from whole 32-bit draws");
    const float grain = noise * 2.0F / 255.0F;
    for (std::size_t row = 0; row < Canvas::side; ++row) {
        std::array<std::uint8_t, Canvas::side> draws{};
        for (std::size_t column = 0; column < Canvas::side; column += 4) {
            const std::uint32_t bits = stream.bits();
            for (unsigned i = 0; i < 4; ++i) draws[column + i] = static_cast<std::uint8_t>(bits >> (8 * i));
        }
        for (std::size_t column = 0; column < Canvas::side; ++column) {
            const float value = pen.coverage(canvas.squared_distance(row, column)) +
                                grain * (static_cast<float>(draws[column]) - 127.5F);
            const float rounded = std::min(std::max(value, 0.0F), 1.0F) * 255.0F + 0.5F;
            image.pixels[row * Canvas::side + column] = static_cast<std::uint8_t>(static_cast<int>(rounded));
        }
    }
}

Samples draw_set(std::uint64_t seed, DigitSet set, std::size_t samples) {
    assert(samples <= std::numeric_limits<std::uint32_t>::max());
    std::vector<std::uint8_t> pixels(samples * digit_pixels);
    std::vector<std::uint8_t> labels(samples);
    for (std::size_t i = 0; i < samples; ++i) {
        const DigitImage image = draw_digit(seed, set, static_cast<std::uint32_t>(i));
        std::copy_n(image.pixels.data(), digit_pixels, pixels.data() + i * digit_pixels);
        labels[i] = image.label;
    }
    return {std::move(pixels), std::move(labels)};
}

}  // namespace

DigitImage draw_digit(std::uint64_t seed, DigitSet set, std::uint32_t index, const DigitStyle& style) {
    RandomStream stream(seed, base::Purpose::digit_images, index, static_cast<std::uint32_t>(set));
    DigitImage image{};
    image.label = static_cast<std::uint8_t>(stream.below(digit_classes));
    const auto glyphs = glyphs_of(image.label);
    const Glyph& glyph = glyphs[stream.below(static_cast<std::uint32_t>(glyphs.size()))];
    const Affine affine(stream, style);
    const Pen pen{between(stream, style.smallest_thickness, style.largest_thickness) / 2.0F,
                  between(stream, style.faintest_ink, 1.0F)};
    Canvas canvas(pen.reach());
    for (const Stroke& stroke : glyph.strokes()) draw_stroke(canvas, stroke, affine, style.jitter, stream);
    develop(canvas, pen, between(stream, 0.0F, style.noise), stream, image);
    return image;
}

std::string describe_digits(std::size_t train_samples, std::size_t test_samples, std::uint64_t seed) {
    return fmt::format("digits: {} + {} generated images, seed {}", train_samples, test_samples, seed);
}

Dataset make_digits(std::size_t train_samples, std::size_t test_samples, std::uint64_t seed) {
    return {describe_digits(train_samples, test_samples, seed),
            Canvas::side,
            Canvas::side,
            digit_classes,
            draw_set(seed, DigitSet::train, train_samples),
            draw_set(seed, DigitSet::test, test_samples)};
}

}  // namespace lockstep::data
