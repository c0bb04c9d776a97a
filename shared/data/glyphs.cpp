#include "data/glyphs.hpp"

namespace lockstep::data {
namespace {

template <std::size_t size>
consteval Stroke stroke(StrokeShape shape, const GridPoint (&points)[size]) {
    static_assert(size >= 2 && size <= Stroke::capacity);
    Stroke result{shape, size, {}};
    for (std::size_t i = 0; i < size; ++i) result.points[i] = points[i];
    return result;
}

template <std::size_t size>
consteval Stroke straight(const GridPoint (&points)[size]) {
    return stroke(StrokeShape::straight, points);
}

template <std::size_t size>
consteval Stroke curved(const GridPoint (&points)[size]) {
    return stroke(StrokeShape::curved, points);
}

template <std::size_t size>
consteval Stroke closed(const GridPoint (&points)[size]) {
    return stroke(StrokeShape::closed, points);
}

template <typename... Strokes>
consteval Glyph glyph(Strokes... strokes) {
    static_assert(sizeof...(strokes) <= Glyph::capacity);
    return Glyph{sizeof...(strokes), {strokes...}};
}

constexpr Glyph zeros[] = {
    glyph(closed({{0, -10}, {4, -7}, {6, 0}, {4, 7}, {0, 10}, {-4, 7}, {-6, 0}, {-4, -7}})),
    glyph(closed({{2, -10}, {5, -5}, {3, 3}, {-2, 10}, {-5, 5}, {-3, -3}})),
};

constexpr Glyph ones[] = {
    glyph(straight({{0, -10}, {0, 10}})),
    glyph(straight({{-4, -6}, {1, -10}, {1, 10}})),
    glyph(straight({{-4, -6}, {1, -10}, {1, 10}}), straight({{-4, 10}, {5, 10}})),
};

constexpr Glyph twos[] = {
    glyph(curved({{-5, -6}, {-2, -10}, {3, -9}, {5, -5}, {2, 1}, {-6, 10}}), straight({{-6, 10}, {6, 10}})),
    glyph(curved({{-5, -7}, {0, -10}, {4, -6}, {1, 2}, {-4, 9}, {-5, 6}, {-2, 6}, {2, 9}, {6, 9}})),
    glyph(straight({{-5, -9}, {5, -9}, {-5, 9}, {5, 9}})),
};

constexpr Glyph threes[] = {
    glyph(curved({{-5, -8}, {0, -10}, {4, -7}, {3, -2}, {-1, 0}}),
          curved({{-1, 0}, {4, 2}, {5, 6}, {1, 10}, {-5, 8}})),
    glyph(straight({{-5, -9}, {5, -9}, {-1, -2}}), curved({{-1, -2}, {4, 0}, {5, 5}, {1, 10}, {-5, 8}})),
};

constexpr Glyph fours[] = {
    glyph(straight({{-5, -9}, {-5, 1}, {6, 1}}), straight({{3, -9}, {3, 10}})),
    glyph(straight({{3, 10}, {3, -10}, {-6, 3}, {6, 3}})),
    glyph(curved({{-3, -10}, {-6, -3}, {-3, 1}, {4, -1}}), straight({{5, -8}, {3, 10}})),
};

constexpr Glyph fives[] = {
    glyph(straight({{5, -9}, {-4, -9}, {-4, -1}}),
          curved({{-4, -1}, {1, -3}, {5, 1}, {4, 7}, {0, 10}, {-5, 8}})),
    glyph(curved({{5, -8}, {0, -10}, {-4, -7}, {-2, -2}, {3, 1}, {5, 5}, {1, 10}, {-5, 8}})),
};

constexpr Glyph sixes[] = {
    glyph(curved({{4, -9}, {-1, -7}, {-5, -1}, {-5, 5}, {-1, 10}, {4, 8}, {5, 3}, {1, 0}, {-4, 3}})),
    glyph(curved({{2, -10}, {-3, -3}, {-5, 6}}), closed({{0, 0}, {4, 3}, {4, 8}, {0, 10}, {-4, 8}, {-4, 3}})),
};

constexpr Glyph sevens[] = {
    glyph(straight({{-5, -9}, {5, -9}, {-1, 10}})),
    glyph(straight({{-5, -9}, {5, -9}, {-1, 10}}), straight({{-3, 0}, {5, 0}})),
    glyph(straight({{-5, -6}, {-5, -9}, {5, -9}}), curved({{5, -9}, {1, 0}, {0, 10}})),
};

constexpr Glyph eights[] = {
    glyph(closed({{0, -10}, {4, -7}, {4, -3}, {0, 0}, {-4, -3}, {-4, -7}}),
          closed({{0, 0}, {5, 3}, {5, 7}, {0, 10}, {-5, 7}, {-5, 3}})),
    glyph(
        closed({{4, -7}, {0, -10}, {-4, -7}, {-2, -2}, {3, 2}, {5, 6}, {0, 10}, {-5, 6}, {-3, 2}, {2, -2}})),
};

constexpr Glyph nines[] = {
    glyph(closed({{0, -10}, {4, -7}, {4, -3}, {0, 0}, {-4, -3}, {-4, -7}}), straight({{4, -8}, {4, 10}})),
    glyph(closed({{0, -10}, {4, -7}, {4, -3}, {0, 0}, {-4, -3}, {-4, -7}}),
          curved({{4, -6}, {5, 1}, {2, 8}, {-4, 9}})),
};

constexpr std::array<std::span<const Glyph>, digit_classes> glyphs = {zeros, ones,  twos,   threes, fours,
                                                                      fives, sixes, sevens, eights, nines};

}  // namespace

std::span<const Glyph> glyphs_of(std::size_t digit) {
    return glyphs.at(digit);
}

}  // namespace lockstep::data
