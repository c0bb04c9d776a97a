#pragma once

#include <array>
#include <cstddef>

namespace lockstep::data {

/// A position in pixels: (0, 0) is the centre of the top left pixel, x runs right, y down.
struct Position {
    float x;
    float y;
};

/// A 28 x 28 field that holds for every pixel the squared distance to the nearest segment drawn, as far as it
/// is below `reach` squared. Only additions, products, one division a segment and minima: the same bits on
/// any machine.
class Canvas {
  public:
    static constexpr std::size_t side = 28;

    /// `reach`, in pixels: pixels farther than this from every segment may keep any larger value.
    explicit Canvas(float reach);

    /// Cost: about 10 operations for each pixel in the segment's bounding box widened by `reach`.
    void draw_segment(Position from, Position to);

    float squared_distance(std::size_t row, std::size_t column) const {
        return squared_distance_[row * stride + column];
    }

  private:
    static constexpr std::size_t stride = 32;  // rows in whole vector registers
    static constexpr std::size_t block = 8;    // columns are visited in multiples of this, aligned

    float reach_;
    alignas(64) std::array<float, side * stride> squared_distance_{};
};

}  // namespace lockstep::data
