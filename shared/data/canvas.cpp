#include "data/canvas.hpp"

#include <algorithm>

namespace lockstep::data {
namespace {

/// Rows or columns, as [first, end), whose centres can lie within [low, high].
struct Range {
    std::size_t first;
    std::size_t end;
};

Range pixels_between(float low, float high) {
    const auto last = static_cast<float>(Canvas::side);
    return {static_cast<std::size_t>(std::clamp(low, 0.0F, last)),
            static_cast<std::size_t>(std::clamp(high + 1.0F, 0.0F, last))};
}

}  // namespace

Canvas::Canvas(float reach) : reach_(reach) {
    squared_distance_.fill(1e6F);
}

void Canvas::draw_segment(Position from, Position to) {
    const Range rows = pixels_between(std::min(from.y, to.y) - reach_, std::max(from.y, to.y) + reach_);
    const Range columns = pixels_between(std::min(from.x, to.x) - reach_, std::max(from.x, to.x) + reach_);
    const float dx = to.x - from.x;
    const float dy = to.y - from.y;
    const float inverse = 1.0F / std::max(dx * dx + dy * dy, 1e-12F);
    const std::size_t first = columns.first / block * block;
    const auto size = static_cast<int>((columns.end - first + block - 1) / block * block);
    const float px0 = static_cast<float>(first) - from.x;
    for (std::size_t row = rows.first; row < rows.end; ++row) {
        const float py = static_cast<float>(row) - from.y;
        float* const cells = &squared_distance_[row * stride + first];
        for (int i = 0; i < size; ++i) {
            const float px = px0 + static_cast<float>(i);
            const float t = std::min(std::max((px * dx + py * dy) * inverse, 0.0F), 1.0F);
            const float ex = px - t * dx;
            const float ey = py - t * dy;
            cells[i] = std::min(cells[i], ex * ex + ey * ey);
        }
    }
}

}  // namespace lockstep::data
