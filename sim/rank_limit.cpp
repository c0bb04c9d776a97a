#include "sim/rank_limit.hpp"

#include <cstddef>
#include <fstream>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::sim {
namespace {

constexpr std::size_t maps_per_rank = 2;
constexpr std::size_t other_maps = 1500;  // libraries, threads, large buffers: some 200 without ranks

}  // namespace

void require_room_for_ranks(const scenario::Config& config, std::string_view option) {
    std::size_t limit = 0;
    if (!(std::ifstream("/proc/sys/vm/max_map_count") >> limit)) return;
    const std::size_t ranks = scenario::rank_count(config);
    const std::size_t needed = maps_per_rank * ranks + other_maps;
    if (needed <= limit) return;
    const std::size_t servers = ranks - config.workers;
    const std::size_t room = limit > other_maps ? (limit - other_maps) / maps_per_rank : 0;
    throw base::InputError(option, fmt::format("{}", config.workers),
                           fmt::format("at most {} simulated on this machine, whose vm.max_map_count is {}",
                                       room > servers ? room - servers : 0, limit),
                           fmt::format("as root, sysctl vm.max_map_count={} makes room for these", needed));
}

}  // namespace lockstep::sim
