#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lockstep::data {

/// A point of a glyph on its design grid: x from -6 (left) to 6, y from -10 (top) to 10.
struct GridPoint {
    std::int8_t x;
    std::int8_t y;
};

enum class StrokeShape : std::uint8_t {
    straight,  ///< line segments from point to point
    curved,    ///< a Catmull-Rom spline through the points
    closed     ///< the same, and back to the first point
};

/// One movement of the pen: at most `capacity` control points.
struct Stroke {
    static constexpr std::size_t capacity = 10;

    StrokeShape shape = StrokeShape::straight;
    std::uint8_t size = 0;
    std::array<GridPoint, capacity> points{};

    std::span<const GridPoint> control_points() const { return std::span(points).first(size); }
};

/// One way to write a digit: at most `capacity` strokes.
struct Glyph {
    static constexpr std::size_t capacity = 3;

    std::uint8_t size = 0;
    std::array<Stroke, capacity> parts{};

    std::span<const Stroke> strokes() const { return std::span(parts).first(size); }
};

inline constexpr std::size_t digit_classes = 10;

/// The ways to write `digit` (0 .. 9): two or three of them, all equally frequent.
std::span<const Glyph> glyphs_of(std::size_t digit);

}  // namespace lockstep::data
