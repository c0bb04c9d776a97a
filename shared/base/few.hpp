#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace lockstep::base {

/// Adds the first few of `lines`, of a kind of which there may be thousands, and a line that counts the rest:
/// `and 7 more event files are missing` with `more event files are missing`.
inline void add_few(std::vector<std::string>& all, const std::vector<std::string>& lines,
                    std::string_view more) {
    constexpr std::size_t most = 4;
    const std::size_t shown = lines.size() > most + 1 ? most : lines.size();
    all.insert(all.end(), lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown));
    if (shown < lines.size()) all.push_back(fmt::format("and {} {}", lines.size() - shown, more));
}

}  // namespace lockstep::base
