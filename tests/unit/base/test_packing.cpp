// Values to bytes and back.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/packing.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

namespace records {

struct Inner {
    std::string name;
    std::optional<std::uint64_t> number;

    bool operator==(const Inner&) const = default;
};
template <typename Archive, ConstOrNot<Inner> Record>
void visit_fields(Archive&& archive, Record& inner) {
    archive("name", inner.name);
    archive("number", inner.number);
}

struct Outer {
    double value = 0;
    std::vector<Inner> inners;
    std::map<std::uint64_t, std::string> names;

    bool operator==(const Outer&) const = default;
};
template <typename Archive, ConstOrNot<Outer> Record>
void visit_fields(Archive&& archive, Record& outer) {
    archive("value", outer.value);
    archive("inners", outer.inners);
    archive("names", outer.names);
}

}  // namespace records

namespace {

template <typename Value>
Value there_and_back(const Value& value) {
    return unpack<Value>(pack(value));
}

}  // namespace

TEST_CASE("what is trivially copyable is packed as it lies in memory") {
    CHECK(pack(std::uint32_t{7}).size() == 4);
    CHECK(there_and_back(-1.25) == -1.25);
    CHECK(there_and_back(std::optional<double>()) == std::nullopt);
    CHECK(there_and_back(std::optional(3.0)) == 3.0);
}

TEST_CASE("sequences carry their number") {
    CHECK(pack(std::string("abc")).size() == 8 + 3);
    CHECK(there_and_back(std::string("abc")) == "abc");
    CHECK(there_and_back(std::string()).empty());
    CHECK(there_and_back(std::vector<double>{1, 2, 3}) == std::vector<double>{1, 2, 3});
    const std::vector<std::vector<std::string>> nested{{"a", ""}, {}, {"bc"}};
    CHECK(there_and_back(nested) == nested);
    const std::map<std::uint64_t, std::uint64_t> histogram{{0, 5}, {3, 1}};
    CHECK(there_and_back(histogram) == histogram);
}

TEST_CASE("a buffer arrives in one of its own") {
    FloatBuffer sent(3);
    std::ranges::copy(std::vector<float>{1, 2, 3}, sent.data());
    const auto got = unpack<FloatBuffer>(pack(sent));
    REQUIRE(got.size() == 3);
    CHECK(std::ranges::equal(got.span(), sent.span()));
    CHECK(unpack<FloatBuffer>(pack(FloatBuffer())).size() == 0);
}

TEST_CASE("of records the members that are listed, in that order") {
    const records::Outer sent{2.5, {{"one", 1}, {"none", std::nullopt}}, {{7, "seven"}}};
    CHECK(there_and_back(sent) == sent);
}

TEST_CASE("bytes that end early are refused, wherever") {
    const records::Outer sent{2.5, {{"one", 1}, {"none", std::nullopt}}, {{7, "seven"}}};
    const std::vector<std::byte> bytes = pack(sent);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK_THROWS_AS(unpack<records::Outer>(std::span(bytes).first(length)), InputError);
    }
    CHECK_THROWS_WITH(unpack<double>({}), "what is unpacked: ends early");
}

TEST_CASE("more of them than there are bytes is refused before there is room for it") {
    const std::uint64_t count = GENERATE(1ULL << 62U, 1ULL << 40U, ~0ULL);
    std::vector<std::byte> bytes = pack(count);
    bytes.resize(bytes.size() + 100);
    CHECK_THROWS_AS(unpack<std::string>(bytes), InputError);
    CHECK_THROWS_AS(unpack<std::vector<double>>(bytes), InputError);
    CHECK_THROWS_AS(unpack<FloatBuffer>(bytes), InputError);
    CHECK_THROWS_AS(unpack<std::vector<std::string>>(bytes), InputError);
    CHECK_THROWS_AS(unpack<std::vector<records::Inner>>(bytes), InputError);
    CHECK_THROWS_AS((unpack<std::map<std::uint64_t, std::string>>(bytes)), InputError);
    CHECK_THROWS_AS(unpack<std::vector<double>>(pack(std::string(15, 'x'))), InputError);
}
