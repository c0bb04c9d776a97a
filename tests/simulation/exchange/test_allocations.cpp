// In steady state no algorithm allocates vectors: a run of 60 rounds makes as many large allocations as one
// of
// 20. Small ones are the logs' and the simulator's.
#include <atomic>
#include <cstdlib>
#include <new>

#include "scenario/config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"
#include "tests/support/simulated_child.hpp"

namespace {

constexpr std::size_t n = 100'000;
constexpr std::size_t large = n;  // bytes: a quarter of a vector

std::atomic<std::uint64_t>& large_allocations() {
    static std::atomic<std::uint64_t> count = 0;
    return count;
}

void* allocate(std::size_t size, std::size_t alignment) {
    if (size >= large) ++large_allocations();
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
// Of arrays too: an allocator that is linked in may have its own, which do not come through the others.
void* operator new[](std::size_t size) {
    return allocate(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace {

using namespace lockstep;

std::uint64_t allocations(const scenario::Config& config, std::uint64_t steps) {
    const auto counts = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const support::Job job{
            .steps = steps, .start = std::vector<float>(n), .step_flops = 1e6, .columns = 400};
        support::FakeTraining training(communicator.rank(), config, job);
        exchange::Journal journal;
        support::train(communicator, config, training, journal, job.start);
        communicator.barrier();
        return std::vector{static_cast<double>(large_allocations())};
    });
    return static_cast<std::uint64_t>(counts.at(0).at(0));
}

}  // namespace

TEST_CASE("a vector is noticed") {
    const std::uint64_t before = large_allocations();
    const base::FloatBuffer vector(n);
    CHECK(vector.size() == n);
    CHECK(large_allocations() == before + 1);
}

TEST_CASE("no algorithm allocates vectors from round to round") {
    for (const scenario::Method& method : scenario::Method::all()) {
        scenario::Config config = support::star_of(4);
        config.method = method;
        config.workers = method == scenario::Method("serial") ? 1 : 4;
        config.period.steps = 2;
        INFO(method.name());
        CHECK(allocations(config, 20) == allocations(config, 60));
    }
}

TEST_CASE("neither do codes, to all workers or to a server, and buckets") {
    for (const auto method : {scenario::Method("allreduce"), scenario::Method("softsync")}) {
        for (const scenario::Compression& compression : scenario::Compression::all()) {
            scenario::Config config = support::star_of(3);
            config.method = method;
            config.compression = compression;
            config.top_k = 0.5;
            INFO(scenario::name(method) << " " << compression.name());
            CHECK(allocations(config, 20) == allocations(config, 60));
        }
    }
    scenario::Config config = support::star_of(3);
    config.method = scenario::Method("allreduce");
    config.collective = scenario::Collective("ring");
    config.buckets = 4;
    CHECK(allocations(config, 20) == allocations(config, 60));
}
