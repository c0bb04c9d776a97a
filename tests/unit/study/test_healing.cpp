#include <nlohmann/json.hpp>

#include "study/compare/healing.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/result/sample.hpp"

using namespace lockstep;
using Json = nlohmann::json;

TEST_CASE("what is not known of a straggler's cost is null, and never is of a figure alone") {
    study::Healing healing;
    healing.actual.result = healing.healed.result = result::sample_result();  // met its target at 1.75 s
    healing.actual.result->summary.time_to_target_s.value = result::AtTarget::never;
    const auto cost = [&] { return Json::parse(to_json(healing))["cost"]["time_to_target_s"]; };
    CHECK(cost() ==
          Json{{"actual", "never"}, {"healed", 1.75}, {"difference", nullptr}, {"percent", nullptr}});
    std::swap(healing.actual, healing.healed);
    CHECK(cost() ==
          Json{{"actual", 1.75}, {"healed", "never"}, {"difference", nullptr}, {"percent", nullptr}});
    healing.actual.result->summary.time_to_target_s = healing.healed.result->summary.time_to_target_s = {};
    CHECK(cost() ==
          Json{{"actual", nullptr}, {"healed", nullptr}, {"difference", nullptr}, {"percent", nullptr}});
}
