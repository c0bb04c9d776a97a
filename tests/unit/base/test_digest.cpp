#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "tests/support/catch.hpp"

using lockstep::base::digest;
using Floats = std::vector<float>;

TEST_CASE("the digest of nothing is XXH3-128 of the empty string, as published") {
    CHECK(digest({}) == "99aa06d3014798d86001c324468d497f");
}

TEST_CASE("32 hexadecimal digits, equal for equal bits only") {
    const Floats values{1.0F, 2.0F, 3.0F};
    const std::string text = digest(values);
    CHECK(text.size() == 32);
    CHECK(std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; }));
    CHECK(digest(Floats{1.0F, 2.0F, 3.0F}) == text);
    CHECK(digest(Floats{1.0F, 2.0F, 3.0000002F}) != text);
    CHECK(digest(Floats{2.0F, 1.0F, 3.0F}) != text);
    CHECK(digest(Floats{1.0F, 2.0F, 3.0F, 0.0F}) != text);
    CHECK(digest(Floats{0.0F}) != digest(Floats{-0.0F}));
}

TEST_CASE("long vectors take the vectorised path and still see every element") {
    Floats values(50890);
    const std::string text = digest(values);
    for (const std::size_t i : {0UL, 25000UL, 50889UL}) {
        Floats changed = values;
        changed[i] = 1e-30F;
        CHECK(digest(changed) != text);
    }
}
