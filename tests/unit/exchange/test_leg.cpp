#include <array>
#include <cstdint>
#include <stdexcept>

#include "base/error.hpp"
#include "exchange/leg.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using exchange::Kept;
using exchange::Memory;

namespace {

class WholeLeg : public exchange::Leg {
  public:
    using Leg::Leg;
    bool takes(std::uint64_t /*step*/) override { return true; }
    std::uint64_t sure_until() const override { return 0; }
    bool is_ending() override { return false; }
};

Memory memory_with(std::uint64_t step) {
    Memory memory;
    memory.put("step", exchange::bytes_to_keep(step));
    return memory;
}

}  // namespace

TEST_CASE("what a leg keeps the next one takes up, and the first has nothing to") {
    Memory memory;
    WholeLeg first(memory);
    std::uint64_t step = 3;
    {
        const Kept keeps(&first, "step", step);
        CHECK(step == 3);
        step = 5;
    }
    Memory carried = base::unpack<Memory>(base::pack(memory));
    WholeLeg second(carried);
    CHECK(second.is_continued());
    step = 0;
    const Kept keeps(&second, "step", step);
    CHECK(step == 5);
}

TEST_CASE("a memory that lacks a value, or has one of another size, is refused") {
    Memory memory = memory_with(7);
    WholeLeg leg(memory);
    std::uint64_t step = 0;
    CHECK_THROWS_AS(Kept(&leg, "steps", step), base::InputError);
    std::uint32_t half = 0;
    CHECK_THROWS_AS(Kept(&leg, "step", half), base::InputError);
}

TEST_CASE("a leg that fails leaves the memory as it was") {
    Memory memory = memory_with(7);
    WholeLeg leg(memory);
    std::uint64_t step = 0;
    try {
        const Kept keeps(&leg, "step", step);
        step = 9;
        throw std::runtime_error("a rank has failed");
    } catch (const std::runtime_error&) {
        std::uint64_t kept = 0;
        memory.get("step", exchange::bytes_to_keep(kept));
        CHECK(kept == 7);
    }
}
