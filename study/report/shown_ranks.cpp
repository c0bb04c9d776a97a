#include "study/report/shown_ranks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lockstep::study {

std::string rank_name(std::size_t rank, bool is_server) {
    return fmt::format("{} {}", is_server ? "server" : "rank", rank);
}

std::vector<std::size_t> shown_ranks(std::size_t ranks, std::size_t servers) {
    std::vector<std::size_t> shown;
    const std::size_t kept = std::min({servers, ranks, most_shown_ranks / 2});
    const std::size_t others = ranks - kept;
    const std::size_t wanted = std::min(others, most_shown_ranks - kept);
    for (std::size_t i = 0; i < wanted; ++i) shown.push_back(i * others / wanted);
    for (std::size_t i = others; i < ranks; ++i) shown.push_back(i);
    return shown;
}

}  // namespace lockstep::study
