#include "sim/processor.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <simgrid/Exception.hpp>
#include <simgrid/s4u.hpp>

#include "sim/platform/platform.hpp"

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

bool stands_still(const s4u::Host& host) {
    return host.get_available_speed() <= 0;
}

/// Until the host of a platform file is given a speed again, or the run is stopped. A wait that has an end,
/// however late, makes the engine stop at each event of the host.
void wait_for_speed(Rank& rank) {
    constexpr double for_very_long_s = 1e15;
    rank.speed_returns = s4u::Semaphore::create(0);
    try {
        while (stands_still(*s4u::this_actor::get_host()))
            rank.speed_returns->acquire_timeout(for_very_long_s);
    } catch (...) {
        rank.reports.close();
        throw;
    }
    rank.speed_returns = nullptr;
}

/// The rank goes on, however slowly, while it lives.
class Busy {
  public:
    explicit Busy(World& world) : world_(world) { ++world_.busy_ranks; }
    ~Busy() { --world_.busy_ranks; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

  private:
    World& world_;
};

/// Whether the rank has a core of its own whose speed is that of its host.
bool is_alone(const World& world) {
    return !scenario::has_platform_file(world.config) && world.config.workers_per_host <= world.config.cores;
}

/// Executes that many operations, but not beyond `until_s` on the engine's clock, nor while its host stands
/// still; returns those left. Alone on a core the operations that fit are known beforehand, which is exact;
/// otherwise the engine is asked.
double execute_until(Rank& rank, double flops, double until_s) {
    const Busy busy(rank.world);
    if (is_alone(rank.world)) {
        const double possible = std::isinf(until_s) ? flops
                                                    : (until_s - s4u::Engine::get_clock()) *
                                                          s4u::this_actor::get_host()->get_speed();
        const double part = std::clamp(possible, 0.0, flops);
        if (part > 0) s4u::this_actor::execute(part);
        return flops - part;
    }
    rank.execution = s4u::this_actor::exec_async(flops);
    double left = 0;
    try {
        if (std::isinf(until_s))
            rank.execution->wait();
        else
            rank.execution->wait_until(until_s);
    } catch (const simgrid::TimeoutException&) {
        left = rank.execution->get_remaining();
        rank.execution->cancel();
    } catch (const simgrid::CancelException&) {
        left = rank.left_flops;
    }
    rank.execution = nullptr;
    return left;
}

/// Pieces of constant speed one after another.
void execute_in_pieces(Rank& rank, double work, const Purpose& purpose) {
    const double start_s = rank.world.clock_start_s.value_or(0);
    double left = work;
    // Moments are followed by their exact values: the engine's clock is rounded.
    double time_s = s4u::Engine::get_clock() - start_s;
    while (left > rounding * work) {
        if (stands_still(*s4u::this_actor::get_host())) {
            wait_for_speed(rank);
            time_s = s4u::Engine::get_clock() - start_s;
        }
        const auto [factor, until_s] =
            rank.clock_runs ? rank.slowness.at(time_s) : scenario::Slowness::Piece{1, scenario::for_ever_s};
        if (std::isinf(factor)) {
            if (std::isinf(until_s)) stop_for_good(rank);
            const Busy busy(rank.world);
            s4u::this_actor::sleep_until(start_s + until_s);
            time_s = until_s;
            continue;
        }
        const double began_s = s4u::Engine::get_clock();
        left = execute_until(rank, left * factor, start_s + until_s) / factor;
        const double ended_s = s4u::Engine::get_clock();
        account(rank, purpose, began_s, ended_s);
        goes_on(rank.world);
        const bool has_reached_end = left > rounding * work && !stands_still(*s4u::this_actor::get_host());
        time_s = has_reached_end ? until_s : ended_s - start_s;
    }
}

/// Of a core of the scenario's speed, by the kind of its work; nothing: that speed.
std::optional<double> own_speed_flops(const scenario::Config& config, backend::Kind kind) {
    if (kind == backend::Kind::model) return std::nullopt;
    if (kind == backend::Kind::code && config.code_speed_flops) return config.code_speed_flops;
    if (kind == backend::Kind::update && config.update_speed_flops) return config.update_speed_flops;
    return config.vector_speed_flops;
}

void execute_for(Rank& rank, double flops, const Purpose& purpose) {
    const double work = flops * rank.slowdown;
    const bool has_events = rank.clock_runs && !rank.slowness.is_none();
    if (has_events || scenario::has_platform_file(rank.world.config))
        return execute_in_pieces(rank, work, purpose);
    const double began_s = s4u::Engine::get_clock();
    s4u::this_actor::execute(work);
    account(rank, purpose, began_s, s4u::Engine::get_clock());
}

}  // namespace

void goes_on(World& world) {
    ++world.progress;
    world.progress_s = s4u::Engine::get_clock();
}

void execute(Rank& rank, double flops, backend::Kind kind) {
    execute_for(rank, flops, kind);
}

void speed_changed(Rank& rank, const s4u::Host& host) {
    if (rank.speed_returns && !stands_still(host)) rank.speed_returns->release();
    if (!rank.execution || !stands_still(host)) return;
    rank.left_flops = rank.execution->get_remaining();
    rank.execution->cancel();
}

double model_flops(const Rank& rank, const backend::Cost& cost) {
    const scenario::Config& config = rank.world.config;
    const std::optional<double> speed_flops = own_speed_flops(config, cost.kind);
    return speed_flops ? cost.amount * config.speed_flops / *speed_flops : cost.amount;
}

void sleep_until(World& world, double moment_s) {
    if (moment_s <= s4u::Engine::get_clock()) return;
    const Busy busy(world);
    s4u::this_actor::sleep_until(moment_s);
}

double spend(Rank& rank, double duration_s) {
    if (duration_s <= 0) return 0;
    const double began_s = s4u::Engine::get_clock();
    execute_for(rank, duration_s * s4u::this_actor::get_host()->get_speed() / rank.slowdown, std::nullopt);
    return s4u::Engine::get_clock() - began_s;
}

}  // namespace lockstep::sim
