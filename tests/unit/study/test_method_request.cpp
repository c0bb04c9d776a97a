#include "base/error.hpp"
#include "study/method_request.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::study;
using scenario::Method;

TEST_CASE("METHOD[:WORKERS]") {
    CHECK(parse_method_request("--against", "serial", 4) == MethodRequest{Method("serial"), 1});
    CHECK(parse_method_request("--against", "serial:1", 4) == MethodRequest{Method("serial"), 1});
    CHECK(parse_method_request("--against", "in-turn", 4) == MethodRequest{Method("in-turn"), 4});
    CHECK(parse_method_request("--against", "in-turn:7", 4).label() == "in-turn:7");
    CHECK(parse_method_request("--against", "in-turn:7", 4).name() == "in-turn-7");
    for (const char* text :
         {"", "serial:2", "in-turn:", "in-turn:0", "in-turn:2-3", "in-trun", "in-turn:65537"})
        CHECK_THROWS_AS(parse_method_request("--against", text, 4), base::InputError);
}

TEST_CASE("fewer workers are the scenario's first ones") {
    scenario::Config scenario;
    scenario.speeds_flops = {1e9, 2e9, 3e9};
    scenario.stragglers = {{0, 2, 0, 1}, {2, 4, 0, 1}};
    const scenario::Config fewer = config_for(scenario, {Method("in-turn"), 2}, 3);
    CHECK(fewer.workers == 2);
    CHECK(fewer.speeds_flops == std::vector{1e9, 2e9});
    CHECK(fewer.stragglers == std::vector{scenario.stragglers[0]});
    CHECK(config_for(scenario, {Method("in-turn"), 3}, 3).stragglers == scenario.stragglers);
    CHECK(config_for(scenario, {Method("in-turn"), 1}, 2).speeds_flops.size() == 3);
}
