#include <cstdint>
#include <utility>

#include <catch2/catch.hpp>

#include "base/float_buffer.hpp"

using namespace lockstep::base;

TEST_CASE("every buffer starts on a 64-byte boundary and holds zeros") {
    for (const std::size_t size : {1UL, 3UL, 16UL, 17UL, 1000UL, 50890UL}) {
        FloatBuffer buffer(size);
        CAPTURE(size);
        CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0);
        REQUIRE(buffer.size() == size);
        for (const float value : buffer.span()) REQUIRE(value == 0.0F);
    }
}

TEST_CASE("an empty buffer is an empty span") {
    CHECK(FloatBuffer().span().empty());
    CHECK(FloatBuffer(0).span().empty());
}

TEST_CASE("moving hands over the storage and leaves an empty buffer") {
    FloatBuffer first(4);
    first.span()[2] = 7.0F;
    const float* const storage = first.data();
    FloatBuffer second = std::move(first);
    CHECK(second.data() == storage);
    CHECK(second.span()[2] == 7.0F);
    CHECK(first.size() == 0);  // NOLINT(bugprone-use-after-move): this is what is tested
    FloatBuffer third;
    third = std::move(second);
    CHECK(third.data() == storage);
    CHECK(second.size() == 0);  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("adopted storage is released once, by the release given") {
    float storage[3] = {1, 2, 3};
    int released = 0;
    {
        FloatBuffer buffer(storage, 3, [&](float* pointer) {
            CHECK(pointer == storage);
            ++released;
        });
        FloatBuffer owner = std::move(buffer);
        CHECK(owner.span()[1] == 2.0F);
        CHECK(released == 0);
    }
    CHECK(released == 1);
}
