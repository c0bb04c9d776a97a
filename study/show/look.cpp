#include "study/show/look.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

struct Cell {
    std::string_view name;
    std::string_view block;
    std::string_view ascii;
    std::string_view colour;  ///< blue and yellow are told apart by everyone
};

constexpr std::array<Cell, use_count> table{{{"compute", "█", "#", "\033[34m"},
                                             {"wait", "▒", "-", "\033[33m"},
                                             {"transfer", "░", "~", "\033[36m"},
                                             {"other", "·", ".", ""}}};
constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> levels{".", ":", "-", "=", "+", "*", "%", "@"};

const Cell& cell(Use use) {
    return table[static_cast<std::size_t>(use)];
}

/// Not finite where a value of the part is not.
std::vector<double> means_of_parts(std::span<const double> values, std::size_t parts) {
    std::vector<double> means;
    for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t begin = i * values.size() / parts;
        const std::size_t end = (i + 1) * values.size() / parts;
        double sum = 0;
        for (const double value : values.subspan(begin, end - begin)) sum += value;
        means.push_back(sum / static_cast<double>(end - begin));
    }
    return means;
}

}  // namespace

std::string cells(Use use, std::size_t count, const Look& look) {
    if (count == 0) return {};
    const bool is_painted = look.has_colour && !cell(use).colour.empty();
    std::string text(is_painted ? cell(use).colour : std::string_view());
    for (std::size_t i = 0; i < count; ++i) text += look.is_utf8 ? cell(use).block : cell(use).ascii;
    if (is_painted) text += "\033[0m";
    return text;
}

std::string legend(const Look& look) {
    std::string text;
    for (std::size_t i = 0; i < use_count; ++i)
        text +=
            fmt::format("{}{} {}", i == 0 ? "" : "  ", cells(static_cast<Use>(i), 1, look), table[i].name);
    return text;
}

std::array<std::size_t, use_count> divided(const Shares& shares, std::size_t length) {
    std::array<std::size_t, use_count> counts{};
    std::array<double, use_count> remainders{};
    const auto part = [](double share) { return std::isfinite(share) ? std::max(share, 0.0) : 0.0; };
    double whole = 0;
    for (const double share : shares) whole += part(share);
    if (whole <= 0) return counts;
    for (std::size_t i = 0; i < use_count; ++i) {
        const double exact = part(shares[i]) / whole * static_cast<double>(length);
        counts[i] = static_cast<std::size_t>(exact);
        remainders[i] = exact - std::floor(exact);
    }
    while (std::accumulate(counts.begin(), counts.end(), std::size_t{0}) < length) {
        auto* const most = std::ranges::max_element(remainders);
        ++counts[static_cast<std::size_t>(most - remainders.begin())];
        *most = -1;
    }
    return counts;
}

std::string sparkline(std::span<const double> values, std::size_t length, const Look& look) {
    const std::vector<double> means = means_of_parts(values, std::min(values.size(), length));
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double mean : means)
        if (std::isfinite(mean)) {
            low = std::min(low, mean);
            high = std::max(high, mean);
        }
    const auto& steps = look.is_utf8 ? blocks : levels;
    std::string text;
    for (const double mean : means) {
        const double height = high > low ? (mean - low) / (high - low) : 0;
        if (!std::isfinite(mean))
            text += "!";
        else
            text += steps[std::min(static_cast<std::size_t>(height * static_cast<double>(steps.size())),
                                   steps.size() - 1)];
    }
    return text;
}

}  // namespace lockstep::study
