#include "option/suggest.hpp"

#include <algorithm>
#include <vector>

namespace lockstep::option {
namespace {

constexpr std::size_t longest_given = 256;  // no key is as long

/// By their lengths alone.
std::size_t fewest_edits(std::string_view a, std::string_view b) {
    return std::max(a.size(), b.size()) - std::min(a.size(), b.size());
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> distance(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                distance[i][j] = i + j;
                continue;
            }
            const std::size_t replacement = a[i - 1] == b[j - 1] ? 0 : 1;
            distance[i][j] = std::min(
                {distance[i - 1][j] + 1, distance[i][j - 1] + 1, distance[i - 1][j - 1] + replacement});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
    }
    return distance[a.size()][b.size()];
}

std::string_view nearest(std::string_view given, std::span<const std::string_view> candidates) {
    if (given.size() > longest_given) return {};
    if (given.size() >= 3)
        for (const std::string_view candidate : candidates)
            if (candidate.starts_with(given)) return candidate;
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, (given.size() + 1) / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (fewest_edits(given, candidate) >= best_distance) continue;
        const std::size_t distance = edit_distance(given, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace lockstep::option
