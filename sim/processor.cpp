#include "sim/processor.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <simgrid/Exception.hpp>
#include <simgrid/s4u.hpp>

#include "sim/platform.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

constexpr double rounding = 1e-12;  // work that ends just where a piece does leaves about this

/// What time spent is: computing of a kind, or nothing that counts.
using Purpose = std::optional<backend::Kind>;

void account(Rank& rank, const Purpose& purpose, double began_s, double ended_s) {
    if (!purpose) return;
    rank.compute_s += ended_s - began_s;
    rank.reports.add(*purpose, began_s, ended_s);
}

[[noreturn]] void stop_for_good(Rank& rank) {
    rank.reports.close();
    ++rank.world.stopped_ranks;
    while (true) s4u::this_actor::suspend();
}

/// Executes that many operations, but not beyond `until_s` on the engine's clock; returns those left. Alone
/// on a core the operations that fit are known beforehand, which is exact; otherwise the engine is asked.
double execute_until(double flops, double until_s, bool is_alone) {
    if (std::isinf(until_s)) {
        s4u::this_actor::execute(flops);
        return 0;
    }
    if (is_alone) {
        const double possible =
            (until_s - s4u::Engine::get_clock()) * s4u::this_actor::get_host()->get_speed();
        const double part = std::clamp(possible, 0.0, flops);
        if (part > 0) s4u::this_actor::execute(part);
        return flops - part;
    }
    const s4u::ExecPtr exec = s4u::this_actor::exec_async(flops);
    try {
        exec->wait_until(until_s);
        return 0;
    } catch (const simgrid::TimeoutException&) {
        const double left = exec->get_remaining();
        exec->cancel();
        return left;
    }
}

/// Pieces of constant speed one after another.
void execute_in_pieces(Rank& rank, double work, const Purpose& purpose) {
    const World& world = rank.world;
    const double start_s = world.clock_start_s.value_or(s4u::Engine::get_clock());
    const bool is_alone =
        !scenario::has_platform_file(world.config) && world.config.workers_per_host <= world.config.cores;
    double left = work;
    // Moments are followed by their exact values: the engine's clock is rounded.
    double time_s = s4u::Engine::get_clock() - start_s;
    while (left > rounding * work) {
        const auto [factor, until_s] = rank.slowness.at(time_s);
        if (std::isinf(factor)) {
            if (std::isinf(until_s)) stop_for_good(rank);
            s4u::this_actor::sleep_until(start_s + until_s);
            time_s = until_s;
            continue;
        }
        const double began_s = s4u::Engine::get_clock();
        left = execute_until(left * factor, start_s + until_s, is_alone) / factor;
        const double ended_s = s4u::Engine::get_clock();
        account(rank, purpose, began_s, ended_s);
        time_s = left > rounding * work ? until_s : ended_s - start_s;
    }
}

void execute_for(Rank& rank, double flops, const Purpose& purpose) {
    const double work = flops * rank.slowdown;
    if (!rank.slowness.is_none()) return execute_in_pieces(rank, work, purpose);
    const double began_s = s4u::Engine::get_clock();
    s4u::this_actor::execute(work);
    account(rank, purpose, began_s, s4u::Engine::get_clock());
}

}  // namespace

void execute(Rank& rank, double flops, backend::Kind kind) {
    execute_for(rank, flops, kind);
}

double model_flops(const Rank& rank, const backend::Cost& cost) {
    const scenario::Config& config = rank.world.config;
    const bool is_as_fast = cost.kind == backend::Kind::model || !config.vector_speed_flops;
    return is_as_fast ? cost.amount : cost.amount * config.speed_flops / *config.vector_speed_flops;
}

double spend(Rank& rank, double duration_s) {
    if (duration_s <= 0) return 0;
    const double began_s = s4u::Engine::get_clock();
    execute_for(rank, duration_s * s4u::this_actor::get_host()->get_speed() / rank.slowdown, std::nullopt);
    return s4u::Engine::get_clock() - began_s;
}

}  // namespace lockstep::sim
