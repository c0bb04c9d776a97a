#include "sim/world.hpp"

#include <smpi/smpi.h>

#include "base/process/cores.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

std::size_t arithmetic_threads(const scenario::Config& config) {
    if (config.numerics == scenario::Numerics::none) return 0;
    if (config.threads > 0) return config.threads - 1;  // the thread of the simulation computes as well
    return base::allowed_cores() - 1;
}

}  // namespace

World::World(const scenario::Config& the_config)
    : config(the_config),
      pool(arithmetic_threads(the_config)),
      all_ranks(scenario::rank_count(the_config)),
      departure(scenario::rank_count(the_config)) {}

double now_s(const World& world) {
    return world.standstill_s.value_or(s4u::Engine::get_clock());
}

Rank& this_rank() {
    return *static_cast<Rank*>(smpi_process_get_user_data());
}

}  // namespace lockstep::sim
