#include <cstdint>
#include <utility>

#include "base/buffer_count.hpp"
#include "base/float_buffer.hpp"
#include "tests/support/catch.hpp"

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

TEST_CASE("buffers are counted while they exist, and the most of them at one time is kept") {
    BufferCount count;
    {
        const FloatBuffer first = count.count(FloatBuffer(10));
        CHECK(count.peak_bytes() == 40);
        {
            FloatBuffer second = count.count(FloatBuffer(5));
            const FloatBuffer owner = std::move(second);
            CHECK(count.peak_bytes() == 60);
        }
        const FloatBuffer third = count.count(FloatBuffer(4));
        CHECK(count.peak_bytes() == 60);
    }
    FloatBuffer kept = count.count(FloatBuffer(14));
    CHECK(count.peak_bytes() == 60);
    kept = count.count(FloatBuffer(2));  // both exist until the first is released
    CHECK(count.peak_bytes() == 64);
    const FloatBuffer last = count.count(FloatBuffer(14));
    CHECK(count.peak_bytes() == 64);
}

TEST_CASE("storage that buffers share counts for each") {
    float storage[4] = {};
    int released = 0;
    BufferCount count;
    {
        const FloatBuffer first = count.count({storage, 4, [&](float*) { ++released; }});
        const FloatBuffer second = count.count({storage, 3, [&](float*) { ++released; }});
        CHECK(count.peak_bytes() == 28);
    }
    CHECK(released == 2);
    CHECK(count.count(FloatBuffer(7)).size() == 7);
    CHECK(count.peak_bytes() == 28);
}
