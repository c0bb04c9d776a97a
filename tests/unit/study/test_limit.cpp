#include <catch2/catch.hpp>

#include "study/compare/limit.hpp"

using namespace lockstep;
using namespace lockstep::study;

namespace {

const std::vector<Gain> without_server{{Resource::straggler, 10, 4},
                                       {Resource::bandwidth, 4, 3.5},
                                       {Resource::latency, 4, 2.8},
                                       {Resource::compute, 4, 3}};

std::vector<Gain> changed(std::vector<Gain> gains, Resource resource, double after_s) {
    for (Gain& gain : gains)
        if (gain.resource == resource) gain.after_s = after_s;
    return gains;
}

}  // namespace

TEST_CASE("the resource that saves most is the limit, and the next one is told") {
    const Limit limit = find_limit(10, without_server);
    CHECK(limit.resource == Resource::straggler);
    CHECK(limit_sentence("sync-average:4", limit) ==
          "sync-average:4 is limited by a straggler: with all workers as fast as the median one it would "
          "take 4 s "
          "instead of 10 s (60 % less); next: latency (12 %).");
}

TEST_CASE("of gains within 2 % of the time the first in order is the limit") {
    const auto almost = changed(changed(without_server, Resource::straggler, 9.9), Resource::bandwidth, 1);
    CHECK(find_limit(10, changed(almost, Resource::compute, 0.81)).resource == Resource::bandwidth);
    CHECK(find_limit(10, changed(almost, Resource::compute, 0.79)).resource == Resource::compute);
}

TEST_CASE("a gain beyond stragglers says what it is a gain over") {
    const auto gains = changed(changed(without_server, Resource::straggler, 8), Resource::latency, 1);
    CHECK(limit_sentence("in-turn:3", find_limit(10, gains)) ==
          "in-turn:3 is limited by latency: stragglers aside, without latency and message overhead it would "
          "take 1 s instead of 4 s "
          "(30 % of its 10 s); next: straggler (20 %).");
}

TEST_CASE("where every gain is next to nothing, no resource limits alone") {
    std::vector<Gain> nothing{
        {Resource::straggler, 10, 10}, {Resource::bandwidth, 10, 9.9}, {Resource::compute, 10, 10.5}};
    const Limit limit = find_limit(10, nothing);
    CHECK_FALSE(limit.resource.has_value());
    CHECK(limit_sentence("serial", limit) ==
          "serial is limited by no resource alone: none of them saves 2 % of its 10 s by itself.");
}

TEST_CASE("where compute cannot be made ideal, it is the limit unless another saves half") {
    std::vector<Gain> known{
        {Resource::straggler, 10, 10}, {Resource::bandwidth, 10, 5.1}, {Resource::latency, 10, 9}};
    CHECK(find_limit(10, known).resource == Resource::compute);
    CHECK(
        limit_sentence("x", find_limit(10, known)) ==
        "x is limited by compute: neither bandwidth, latency nor stragglers account for half of its 10 s by "
        "themselves; next: bandwidth (49 %).");
    known[1].after_s = 4.9;
    CHECK(find_limit(10, known).resource == Resource::bandwidth);
    CHECK(find_limit(10, {{Resource::straggler, 10, 10}}).resource == Resource::compute);
}

TEST_CASE("a stalled run names who stopped and did not finish") {
    result::Result result;
    result.config.failures = {{0, 1, 2}, {1, 5, scenario::for_ever_s}, {2, 9, scenario::for_ever_s}};
    result.workers.resize(3);
    result.workers[1].completed = false;
    CHECK(stall_sentence("sync-average:3", result) ==
          "sync-average:3 stalls: worker 1 stopped at 5 s and the others wait for it.");
}
