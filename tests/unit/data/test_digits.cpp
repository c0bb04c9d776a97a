#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <zlib.h>

#include "base/random.hpp"
#include "data/canvas.hpp"
#include "data/digits.hpp"
#include "data/glyphs.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::data;

namespace {

/// Glyphs as designed: one pixel a unit, no distortion, no noise, strokes two pixels wide in full ink.
constexpr DigitStyle plain{0, 0, 1, 1, 0, 0, 2, 2, 1, 0};

double distance_to_segment(double x, double y, Position a, Position b) {
    double nearest = 1e9;
    for (int i = 0; i <= 2000; ++i) {
        const double t = i / 2000.0;
        nearest = std::min(nearest, std::hypot(a.x + t * (b.x - a.x) - x, a.y + t * (b.y - a.y) - y));
    }
    return nearest;
}

unsigned long checksum(const SharedBytes& bytes, unsigned long before = 0) {
    return crc32(before, bytes.data(), static_cast<uInt>(bytes.size()));
}

}  // namespace

TEST_CASE("the canvas holds distances to the nearest segment within its reach") {
    base::RandomStream stream(1, base::Purpose::test);
    const auto somewhere = [&] {
        return Position{static_cast<float>(stream.uniform(-6, 34)),
                        static_cast<float>(stream.uniform(-6, 34))};
    };
    constexpr float reach = 2.5F;
    for (int trial = 0; trial < 20; ++trial) {
        const std::array<Position, 3> points = {somewhere(), somewhere(), somewhere()};
        Canvas canvas(reach);
        canvas.draw_segment(points[0], points[1]);
        canvas.draw_segment(points[1], points[2]);
        for (std::size_t row = 0; row < Canvas::side; ++row)
            for (std::size_t column = 0; column < Canvas::side; ++column) {
                const auto x = static_cast<double>(column);
                const auto y = static_cast<double>(row);
                const double expected = std::min(distance_to_segment(x, y, points[0], points[1]),
                                                 distance_to_segment(x, y, points[1], points[2]));
                const double found = std::sqrt(canvas.squared_distance(row, column));
                if (std::min(expected, found) < reach) REQUIRE(found == Approx(expected).margin(0.01));
            }
    }
}

TEST_CASE("a segment of no length is a dot") {
    Canvas canvas(3);
    canvas.draw_segment({10, 12}, {10, 12});
    CHECK(canvas.squared_distance(12, 10) == 0);
    CHECK(canvas.squared_distance(13, 12) == 5);
}

TEST_CASE("every class has at least two glyphs within the design grid") {
    for (std::size_t digit = 0; digit < digit_classes; ++digit) {
        CHECK(glyphs_of(digit).size() >= 2);
        for (const Glyph& glyph : glyphs_of(digit))
            for (const Stroke& stroke : glyph.strokes())
                for (const GridPoint point : stroke.control_points())
                    CHECK((std::abs(point.x) <= 6 && std::abs(point.y) <= 10));
    }
}

TEST_CASE("an undistorted image is one of its digit's glyphs: ink on the control points, none far away") {
    std::set<std::uint8_t> seen;
    for (std::uint32_t index = 0; index < 60; ++index) {
        const DigitImage image = draw_digit(1, DigitSet::train, index, plain);
        seen.insert(image.label);
        const auto pixel = [&](int x, int y) { return image.pixels[static_cast<std::size_t>(y * 28 + x)]; };
        const auto inked = [&](GridPoint p) {  // the grid's origin lies between pixels 13 and 14
            return pixel(13 + p.x, 13 + p.y) + pixel(14 + p.x, 13 + p.y) + pixel(13 + p.x, 14 + p.y) +
                       pixel(14 + p.x, 14 + p.y) >
                   700;
        };
        const auto matches = [&](const Glyph& glyph) {
            return std::ranges::all_of(glyph.strokes(), [&](const Stroke& stroke) {
                return std::ranges::all_of(stroke.control_points(), inked);
            });
        };
        CHECK(std::ranges::any_of(glyphs_of(image.label), matches));
        for (int i = 0; i < 28; ++i)
            CHECK((pixel(i, 0) == 0 && pixel(i, 27) == 0 && pixel(0, i) == 0 && pixel(27, i) == 0));
    }
    CHECK(seen.size() == digit_classes);
}

TEST_CASE("a vertical stroke two pixels wide through x = 13.5 covers columns 13 and 14") {
    for (std::uint32_t index = 0;; ++index) {
        REQUIRE(index < 1000);
        const DigitImage image = draw_digit(1, DigitSet::train, index, plain);
        const auto row = std::span(image.pixels).subspan(13 * 28, 28);
        const auto ink = std::ranges::count_if(row, [](std::uint8_t pixel) { return pixel > 0; });
        if (image.label != 1 || row[13] != row[14]) continue;  // the glyph of a single stroke
        CHECK(ink == 2);
        CHECK(row[13] == 255);                    // (1.5^2 - 0.5^2) / 2 = 1: full
        CHECK(image.pixels[2 * 28 + 13] == 0);    // 1.5 above and 0.5 beside: outside of the radius 1.5
        CHECK(image.pixels[3 * 28 + 13] == 223);  // 0.5 above, 0.5 beside: (2.25 - 0.5) / 2 = 0.875
        break;
    }
}

TEST_CASE("an image depends on seed, set and index alone") {
    const Dataset large = make_digits(40, 20, 7);
    const Dataset small = make_digits(25, 5, 7);
    CHECK(std::equal(small.train.pixels.begin(), small.train.pixels.end(), large.train.pixels.begin()));
    CHECK(std::equal(small.train.labels.begin(), small.train.labels.end(), large.train.labels.begin()));
    CHECK(std::equal(small.test.pixels.begin(), small.test.pixels.end(), large.test.pixels.begin()));
    const DigitImage tenth = draw_digit(7, DigitSet::train, 10);
    CHECK(std::equal(tenth.pixels.begin(), tenth.pixels.end(), large.train.pixels.begin() + 10 * 784));
    CHECK(tenth.label == large.train.labels[10]);
    CHECK(draw_digit(8, DigitSet::train, 10).pixels != tenth.pixels);
    CHECK(draw_digit(7, DigitSet::test, 10).pixels != tenth.pixels);
    CHECK(draw_digit(7, DigitSet::train, 11).pixels != tenth.pixels);
}

TEST_CASE("the dataset has the shape asked for and says what it is") {
    const Dataset digits = make_digits(3, 2, 9);
    CHECK(digits.rows == 28);
    CHECK(digits.columns == 28);
    CHECK(digits.classes == 10);
    CHECK(digits.train.size() == 3);
    CHECK(digits.train.pixels.size() == 3 * 784);
    CHECK(digits.test.size() == 2);
    CHECK(digits.description == "digits: 3 + 2 generated images, seed 9");
}

TEST_CASE("labels are uniform and independent of their predecessors") {
    constexpr std::size_t size = 20'000;
    const Dataset digits = make_digits(size, 1, 1);
    std::array<double, 10> counts{};
    std::array<double, 100> pairs{};
    for (std::size_t i = 0; i < size; ++i) {
        counts[digits.train.labels[i]] += 1;
        if (i > 0) pairs[digits.train.labels[i - 1] * 10U + digits.train.labels[i]] += 1;
    }
    const auto chi_squared = [](auto& observed, double expected) {
        double sum = 0;
        for (const double count : observed) sum += (count - expected) * (count - expected) / expected;
        return sum;
    };
    CHECK(chi_squared(counts, size / 10.0) < 27.9);         // 9 degrees of freedom, p = 0.001
    CHECK(chi_squared(pairs, (size - 1) / 100.0) < 148.3);  // 99 degrees of freedom, p = 0.001
}

TEST_CASE("the same seed gives the same bytes on any machine") {
    const Dataset digits = make_digits(200, 100, 1);
    CHECK(checksum(digits.train.pixels, checksum(digits.train.labels)) == 0x38fcc454);
    CHECK(checksum(digits.test.pixels, checksum(digits.test.labels)) == 0xf35a75c9);
}
