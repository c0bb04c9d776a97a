#include "sim/processor.hpp"

#include <algorithm>
#include <cmath>

#include <simgrid/s4u.hpp>

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

constexpr double rounding = 1e-12;  // work that ends just where a piece does leaves about this

[[noreturn]] void stop_for_good(World& world) {
    ++world.stopped_ranks;
    while (true) s4u::this_actor::suspend();
}

}  // namespace

void execute(Rank& rank, double flops) {
    const double work = flops * rank.slowdown;
    if (rank.slowness.is_none()) return s4u::this_actor::execute(work);
    const double start_s = rank.world.clock_start_s.value_or(s4u::Engine::get_clock());
    const double speed = s4u::this_actor::get_host()->get_speed();
    // Moments are followed by their exact values: the engine's clock is rounded.
    double time_s = s4u::Engine::get_clock() - start_s;
    double left = work;
    while (left > rounding * work) {
        const auto [factor, until_s] = rank.slowness.at(time_s);
        if (std::isinf(factor)) {
            if (std::isinf(until_s)) stop_for_good(rank.world);
            s4u::this_actor::sleep_until(start_s + until_s);
            time_s = until_s;
            continue;
        }
        const double possible = (until_s - time_s) * speed / factor;
        const double part = std::min(left, possible);
        if (part * factor > 0) s4u::this_actor::execute(part * factor);
        left -= part;
        time_s = std::max(until_s, s4u::Engine::get_clock() - start_s);
    }
}

}  // namespace lockstep::sim
