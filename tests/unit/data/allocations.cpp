#include "tests/unit/data/allocations.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

// NOLINTBEGIN: operator new is made of malloc and of counters that it can reach

namespace {

std::size_t allocations = 0;
std::size_t largest = 0;

void* record(std::size_t size, void* memory) {
    if (memory == nullptr) throw std::bad_alloc();
    ++allocations;
    largest = std::max(largest, size);
    return memory;
}

}  // namespace

void* operator new(std::size_t size) {
    return record(size, std::malloc(std::max<std::size_t>(size, 1)));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    return record(size, std::aligned_alloc(unit, (size / unit + 1) * unit));
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(std::max<std::size_t>(size, 1));
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

// NOLINTEND

namespace lockstep::test {

Allocations::Allocations() {
    allocations = 0;
    largest = 0;
}

std::size_t Allocations::count() const {
    return allocations;
}
std::size_t Allocations::largest_B() const {
    return largest;
}

}  // namespace lockstep::test
