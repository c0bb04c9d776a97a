#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "study/sweep/axis.hpp"
#include "study/sweep/key_numbers.hpp"
#include "study/sweep/range.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep;
using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Values = std::vector<std::string>;

namespace {

/// The values of an axis of one key.
Values values(const std::string& text) {
    Values result;
    for (const auto& alternative : parse_sweep_axis(text).alternatives) {
        REQUIRE(alternative.size() == 1);
        result.push_back(alternative.front());
    }
    return result;
}

std::string refused(const std::string& text) {
    return test::refusal([&] { parse_sweep_axis(text); });
}

}  // namespace

TEST_CASE("lists have commas, or bars, between values, which read as their option renders them") {
    CHECK(values("latency=10us,1000us,0.1s") == Values{"10us", "1000us", "0.1s"});
    CHECK(values("bandwidth=100Mbps,1000Mbps,10Gbps") == Values{"100Mbps", "1000Mbps", "10Gbps"});
    CHECK(values("latency=10us|1ms") == Values{"10us", "1ms"});
    CHECK(values("method=serial,IN-TURN") == Values{"serial", "in-turn"});
    CHECK(values("batch=100,all") == Values{"100", "all"});
    CHECK(values("target-accuracy=none,0.9") == Values{"none", "0.9"});
    CHECK(values("workers=3") == Values{"3"});
}

TEST_CASE("keys whose values hold commas take only bars") {
    CHECK(values("hidden=64,32|16") == Values{"64,32", "16"});
    CHECK(values("hidden=|64") == Values{"", "64"});
    CHECK(values("speeds=5Gf,5Gf|5Gf,1000Mf") == Values{"5Gf,5Gf", "5Gf,1Gf"});
    CHECK(values("topology-shape=2;4,4;1,2;1,2|4x4") == Values{"2;4,4;1,2;1,2", "4x4"});
    CHECK(values("straggler=worker=0,factor=4|worker=1,factor=2;worker=2,factor=3").size() == 2);
}

TEST_CASE("ranges of whole numbers") {
    CHECK(values("workers=1..8") == Values{"1", "2", "3", "4", "5", "6", "7", "8"});
    CHECK(values("workers=1..16:lin:4") == Values{"1", "6", "11", "16"});
    CHECK(values("workers=1..64:log:7") == Values{"1", "2", "4", "8", "16", "32", "64"});
    CHECK(values("workers=1..4:log:7") == Values{"1", "2", "3", "4"});  // 1, 1.3, 1.6, 2, 2.5, 3.2, 4
    CHECK(values("hidden=16..64:log:3") == Values{"16", "32", "64"});
    CHECK(values("workers=1..2,8") == Values{"1", "2", "8"});
}

TEST_CASE("ranges of quantities keep their units' meaning") {
    CHECK(values("latency=10us..10ms:log:4") == Values{"10us", "100us", "1000us", "10000us"});
    CHECK(values("latency=10us..10000us:log:4") == Values{"10us", "100us", "1000us", "10000us"});
    CHECK(values("bandwidth=100Mbps..100000Mbps:log:5") ==
          Values{"100Mbps", "562.341Mbps", "3162.28Mbps", "17782.8Mbps", "100000Mbps"});
    CHECK(values("bandwidth=1Gbps..5Gbps:lin:3") == Values{"1Gbps", "3Gbps", "5Gbps"});
    CHECK(values("latency=0s..1ms:lin:5") == Values{"0ms", "0.25ms", "0.5ms", "0.75ms", "1ms"});
    CHECK(values("lr=0.1..0.4:lin:4") == Values{"0.1", "0.2", "0.3", "0.4"});
    CHECK(values("eager-limit=1KiB..3KiB:lin:3") == Values{"1KiB", "2KiB", "3KiB"});
    CHECK(values("time-budget=1s..1min:lin:2") == Values{"1s", "60s"});
    CHECK(values("eager-limit=1kB..64KiB:log:2") == Values{"1kB", "65.536kB"});
    CHECK(values("speeds=1Gf..4000Mf:log:3") == Values{"1Gf", "2Gf", "4Gf"});
    const Values seven = values("latency=10us..10ms:log:7");
    REQUIRE(seven.size() == 7);
    for (std::size_t i = 0; i < seven.size(); ++i)
        CHECK(base::parse_time_s("", seven[i]) ==
              Approx(1e-5 * std::pow(10, static_cast<double>(i) / 2)).epsilon(5e-6));
}

TEST_CASE("all values of a range have one unit and at most six digits") {
    for (const char* axis : {"bandwidth=100Mbps..1000Gbps:log:1000", "latency=0.01ms..100ms:log:1000",
                             "speed=1Gf..100Tf:lin:1000", "eager-limit=1kB..64MiB:log:1000"}) {
        const Values all = values(axis);
        const std::string unit = all.front().substr(all.front().find_first_not_of("0123456789."));
        REQUIRE(all.size() == 1000);
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            INFO(all[i]);
            const std::size_t end = all[i].find_first_not_of("0123456789.");
            CHECK(all[i].substr(std::min(end, all[i].size())) == unit);
            const std::size_t first = all[i].find_first_not_of("0.");
            const std::size_t digits = end - first - (all[i].find('.', first) < end ? 1 : 0);
            CHECK((digits <= 6 || all[i].find('.') == std::string::npos));
        }
    }
}

TEST_CASE("keys that change together") {
    const SweepAxis axis = parse_sweep_axis("method+workers=serial+1|sync-average+4|by-arrival+4");
    REQUIRE(axis.options.size() == 2);
    CHECK(axis.varies("method"));
    CHECK(axis.varies("workers"));
    CHECK_FALSE(axis.varies("lr"));
    CHECK(axis.alternatives ==
          std::vector<Values>{{"serial", "1"}, {"sync-average", "4"}, {"by-arrival", "4"}});
    CHECK(parse_sweep_axis("workers+speeds=1+5Gf|2+5Gf,1Gf").alternatives ==
          std::vector<Values>{{"1", "5Gf"}, {"2", "5Gf,1Gf"}});
    CHECK(parse_sweep_axis("workers+batch=1+100,2+50").alternatives ==
          std::vector<Values>{{"1", "100"}, {"2", "50"}});
    CHECK_THAT(refused("method+workers=serial|sync-average+4"), ContainsSubstring("'serial' has 1"));
    CHECK_THAT(refused("method+workers=serial+1+1"), ContainsSubstring("has 3"));
    CHECK_THAT(refused("method+method=serial+serial"), ContainsSubstring("method is there twice"));
}

TEST_CASE("what makes no axis is refused with what would") {
    CHECK_THAT(refused("latency"),
               ContainsSubstring("--sweep: given 'latency'") && ContainsSubstring("KEY=VALUES"));
    CHECK_THAT(refused("=1"), ContainsSubstring("KEY=VALUES"));
    CHECK_THAT(refused("latency="), ContainsSubstring("at least one value"));
    CHECK_THAT(refused("latancy=1s"), ContainsSubstring("did you mean latency?"));
    CHECK_THAT(refused("out=a,b"), ContainsSubstring("--out is the same for the whole sweep"));
    for (const char* key : {"format=json", "progress=never", "threads=1,2", "data-cache=a,b"})
        CHECK_THAT(refused(key), ContainsSubstring("is the same for the whole sweep"));
    CHECK_THAT(refused("latency=10us,5"),
               ContainsSubstring("--sweep latency: given '5'") && ContainsSubstring("the unit is missing"));
    CHECK_THAT(refused("workers=0..3"),
               ContainsSubstring("--sweep workers: given '0'") && ContainsSubstring("from 1 to 65536"));
    CHECK_THAT(refused("latency=1ms,1000us"), ContainsSubstring("1000us is there twice"));
    CHECK_THAT(refused("workers=1..3,2"), ContainsSubstring("2 is there twice"));
    CHECK_THAT(refused("workers=1,,2"), ContainsSubstring("given ''"));
}

TEST_CASE("what makes no range is refused with what would") {
    CHECK_THAT(refused("workers=8..1"),
               ContainsSubstring("--sweep workers: given '8..1'") && ContainsSubstring("the smaller one"));
    CHECK_THAT(refused("workers=1..1:lin:3"), ContainsSubstring("the smaller one"));
    CHECK_THAT(refused("lr=0.1..1"), ContainsSubstring("say how many"));
    CHECK_THAT(refused("workers=1..8:lin"), ContainsSubstring("log or lin"));
    CHECK_THAT(refused("workers=1..8:cubic:3"), ContainsSubstring("log or lin"));
    CHECK_THAT(refused("workers=1..8:log:1"), ContainsSubstring("from 2 to"));
    CHECK_THAT(refused("workers=1..8:log:3:4"), ContainsSubstring("log or lin"));
    CHECK_THAT(refused("workers=1..60000"), ContainsSubstring("at most"));
    CHECK_THAT(refused("latency=0s..1ms:log:3"), ContainsSubstring("above 0"));
    CHECK_THAT(refused("latency=1..1ms:log:3"), ContainsSubstring("given '1'"));
    CHECK_THAT(refused("latency=1us..1Gf:log:3"), ContainsSubstring("given '1Gf'"));
    CHECK_THAT(refused("workers=1..x"), ContainsSubstring("both ends are numbers"));
    CHECK_THAT(refused("workers=1.."), ContainsSubstring("both ends are numbers"));
}

TEST_CASE("a text with dots in it is no range") {
    CHECK(values("data=digits,mnist:../mnist") == Values{"digits", "mnist:../mnist"});
    CHECK(values("platform=../a.xml") == Values{"../a.xml"});
    CHECK_FALSE(is_sweep_range("../a"));
    CHECK_FALSE(is_sweep_range("1.5"));
    CHECK(is_sweep_range("1..5"));
}

TEST_CASE("each key is on one axis") {
    const auto axes = parse_sweep_axes("latency=1us,1ms\nworkers=1..3");
    REQUIRE(axes.size() == 2);
    CHECK(axes[0].varies("latency"));
    CHECK(axes[1].alternatives.size() == 3);
    CHECK(parse_sweep_axes("").empty());
    CHECK_THAT(test::refusal([] { parse_sweep_axes("workers=1\nlr=1\nmethod+workers=serial+1"); }),
               ContainsSubstring("workers is swept already"));
}

TEST_CASE("values of an axis are numbers in one unit, the one in which it was given") {
    const auto found = [](const char* key, const Values& texts) { return key_numbers(key, texts).value(); };
    const KeyNumbers bandwidths = found("bandwidth", {"1Gbps", "100Mbps", "464.1Mbps"});
    CHECK(bandwidths.unit == "Mbps");
    CHECK(bandwidths.numbers == std::vector<double>{1000, 100, 464.1});
    CHECK(bandwidths.title("bandwidth") == "bandwidth (Mbps)");
    CHECK(found("latency", {"0s", "26.3665us", "0.1ms"}).numbers == std::vector<double>{0, 0.0263665, 0.1});
    CHECK(found("memory", {"1GB", "64GiB"}).numbers.back() == 68.719476736);
    CHECK(found("workers", {"8", "2"}).title("workers") == "workers");
    CHECK_FALSE(key_numbers("method", Values{"serial"}));
    CHECK_FALSE(key_numbers("target-accuracy", Values{"0.9", "none"}));
    CHECK_FALSE(key_numbers("latency", Values{"fast"}));
    CHECK_FALSE(key_numbers("no-such-key", Values{"1"}));
}
