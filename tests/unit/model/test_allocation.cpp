#include <atomic>
#include <cstdlib>
#include <new>

#include "model/products.hpp"
#include "problem.hpp"
#include "tests/support/catch.hpp"

// Replaces this program's operator new by one that counts.
namespace {
std::atomic<std::size_t> allocations = 0;

void* counted(void* memory) {
    ++allocations;
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
}  // namespace

void* operator new(std::size_t size) {
    return counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto boundary = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(boundary, (size / boundary + 1) * boundary));
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

using namespace lockstep;

TEST_CASE("nothing is allocated once the workspace is built") {
    model::prepare_products();
    for (const auto& kind : test::all_kinds()) {
        test::Problem problem(kind, 33);
        const std::size_t before_workspace = allocations;
        model::Workspace workspace(problem.network, 20);
        CHECK(allocations > before_workspace);
        const model::Batch batch{problem.images.span().first(20 * 7), std::span(problem.labels).first(20)};
        base::FloatBuffer gradient(problem.network.parameter_count());

        const std::size_t before = allocations;
        problem.network.gradient(problem.parameters, batch, gradient, workspace);
        problem.network.step(problem.parameters, batch, 0.1F, workspace);
        problem.network.evaluate(problem.parameters, problem.batch(), workspace);
        const std::size_t after = allocations;
        CHECK(after == before);
    }
}
