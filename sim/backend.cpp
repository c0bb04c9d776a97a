// The simulated side of the seam.
#include "backend/backend.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <simgrid/s4u.hpp>
#include <simgrid/version.h>
#include <smpi/smpi.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sim/mpi/library_calls.hpp"
#include "sim/platform/energy.hpp"
#include "sim/processor.hpp"
#include "sim/world.hpp"

namespace lockstep::backend {
namespace {

/// Below this a hand-over to another thread costs more than the work.
constexpr double worth_a_thread_flops = 2e5;

/// What posix_fallocate() says, whatever signals come meanwhile, which ask the run to stop.
int allocate(int file, off_t bytes) {
    int problem = 0;
    do {
        problem = ::posix_fallocate(file, 0, bytes);
    } while (problem == EINTR);
    return problem;
}

/// SMPI maps a file of a block (smpi/shared-malloc-blocksize) in /tmp, and ends the process without room for
/// it.
void require_room_for_phantom() {
    constexpr off_t block_bytes = 1 << 20;
    std::string name = "/tmp/lockstep-XXXXXX";
    const int file = ::mkstemp(name.data());
    const int problem = file < 0 ? errno : allocate(file, block_bytes);
    if (file >= 0) {
        ::unlink(name.c_str());
        ::close(file);
    }
    if (problem != 0)
        throw base::EnvironmentError(fmt::format(
            "/tmp: no room for the 1 MiB that timing-only runs keep there: {}", std::strerror(problem)));
}

/// All timing-only buffers share one region, which SMPI knows as shared and therefore never copies.
float* phantom(sim::World& world, std::size_t size) {
    for (const auto& [memory, capacity] : world.phantom_memory)
        if (capacity >= size) return memory;
    require_room_for_phantom();
    auto* memory = static_cast<float*>(SMPI_SHARED_MALLOC(std::max<std::size_t>(size, 1) * sizeof(float)));
    world.phantom_memory.emplace_back(memory, size);
    return memory;
}

}  // namespace

Description describe() {
    const sim::World& world = sim::this_rank().world;
    const simgrid::s4u::Host* host = simgrid::s4u::this_actor::get_host();
    return {fmt::format("SimGrid {}.{} (SMPI)", SIMGRID_VERSION_MAJOR, SIMGRID_VERSION_MINOR),
            world.platform,
            host->get_name(),
            host->get_name(),
            static_cast<std::size_t>(host->get_core_count()),
            world.config.memory_B};
}

bool time_is_simulated() {
    return true;
}

bool arithmetic_is_real() {
    return !scenario::timing_only(sim::this_rank().world.config);
}

double handle_message(std::size_t received_bytes) {
    sim::Rank& rank = sim::this_rank();
    const scenario::Config& config = rank.world.config;
    const double taking_in_s = config.receive_bandwidth_Bps
                                   ? static_cast<double>(received_bytes) / *config.receive_bandwidth_Bps
                                   : 0;
    sim::goes_on(rank.world);
    return sim::spend(rank, config.message_overhead_s + taking_in_s);
}

void start_clock(const Passed& passed) {
    sim::Rank& rank = sim::this_rank();
    sim::World& world = rank.world;
    world.all_ranks.wait();
    const bool begins = !world.clock_start_s;
    if (begins) {
        world.clock_start_s = sim::now_s(world);
        if (world.link_meters != nullptr) world.energy_before = sim::energy_now(*world.link_meters);
    }
    rank.clock_runs = true;
    if (passed.elapsed_s > 0) {
        // The engine adds what is slept to its clock, and the sum of numbers close to each other is exact.
        constexpr double nearly = 1 - 1e-6;
        constexpr double a_moment_s = 1e-9;
        const double moment_s = passed.clock_s + a_moment_s;
        sim::sleep_until(world, nearly * moment_s);
        world.all_ranks.line_up(rank.number);
        sim::sleep_until(world, moment_s);
    }
    if (world.link_meters == nullptr || !passed.energy) return;
    const Energy now = sim::energy_now(*world.link_meters);
    world.energy_before = {now.hosts_J - passed.energy->hosts_J, now.links_J - passed.energy->links_J};
}

void stop_clock() {
    sim::Rank& rank = sim::this_rank();
    rank.clock_runs = false;
    rank.world.all_ranks.wait();
}

std::optional<Energy> energy_used() {
    const sim::World& world = sim::this_rank().world;
    const bool is_lost = !simgrid::s4u::this_actor::get_host()->is_on();  // and cannot ask
    if (world.link_meters == nullptr || world.standstill_s || is_lost) return std::nullopt;
    const Energy now =
        world.energy_at_standstill ? *world.energy_at_standstill : sim::energy_now(*world.link_meters);
    return Energy{now.hosts_J - world.energy_before.hosts_J, now.links_J - world.energy_before.links_J};
}

void compute(Cost cost, base::FunctionRef<void()> arithmetic) {
    sim::Rank& rank = sim::this_rank();
    sim::leave_library(rank);
    const bool real = arithmetic_is_real();
    if (cost.kind == Kind::copy) {
        if (real) arithmetic();
        if (const auto& bandwidth = rank.world.config.copy_bandwidth_Bps)
            sim::spend(rank, cost.amount / *bandwidth);
        return;
    }
    const double flops = sim::model_flops(rank, cost);
    if (real && cost.amount >= worth_a_thread_flops) {
        sim::ArithmeticPool::Piece piece(rank.world.pool, arithmetic);
        sim::execute(rank, flops, cost.kind);
        piece.finish();
    } else {
        if (real) arithmetic();
        if (flops > 0) sim::execute(rank, flops, cost.kind);
    }
    rank.reports.close();
}

void compute(Cost cost, base::FunctionRef<void()> arithmetic, base::FunctionRef<void()> meanwhile) {
    constexpr int slices = 50;
    sim::Rank& rank = sim::this_rank();
    sim::leave_library(rank);
    const double flops = sim::model_flops(rank, cost);
    const auto execute_in_slices = [&] {
        for (int slice = 0; slice < slices; ++slice) {
            sim::execute(rank, flops / slices, cost.kind);
            meanwhile();
        }
        rank.reports.close();
    };
    if (!arithmetic_is_real()) return execute_in_slices();
    sim::ArithmeticPool::Piece piece(rank.world.pool, arithmetic);
    execute_in_slices();
    piece.finish();
}

void observe_computing(ComputeObserver* observer) {
    sim::this_rank().reports.observe(observer);
}

base::FloatBuffer make_buffer(std::size_t size) {
    sim::Rank& rank = sim::this_rank();
    if (arithmetic_is_real()) return rank.buffers->count(base::FloatBuffer(size));
    return rank.buffers->count({phantom(rank.world, size), size, [](float*) {}});
}

ResourceUse resource_use() {
    const sim::Rank& rank = sim::this_rank();
    return {rank.compute_s, rank.compute_s, 0, static_cast<double>(rank.buffers->peak_bytes())};
}

}  // namespace lockstep::backend
