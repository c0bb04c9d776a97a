#pragma once

#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// Throws base::InputError naming `option` where this machine cannot hold the ranks: the stack of each is
/// two memory maps (itself and its guard page), of which Linux gives a process vm.max_map_count. Where that
/// cannot be read, nothing is refused.
void require_room_for_ranks(const scenario::Config& config, std::string_view option = "--workers");

}  // namespace lockstep::sim
