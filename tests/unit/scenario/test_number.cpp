#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scenario/options/options.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;

namespace {

const lockstep::option::Number<Config>& number_of_key(std::string_view key) {
    return find_option(key)->kind.number.value();
}

}  // namespace

TEST_CASE("keys whose value is one number tell it and take it") {
    Config config;
    CHECK(number_of_key("bandwidth").get(config) == config.bandwidth_Bps);
    number_of_key("latency").set(config, 1e-3);
    CHECK(config.latency_s == 1e-3);
    number_of_key("workers").set(config, 7);
    CHECK(config.workers == 7);
    number_of_key("train-samples").set(config, 600);
    CHECK(config.train_samples == 600);
    CHECK(number_of_key("workers").is_whole);
    CHECK_FALSE(number_of_key("lr").is_whole);
}

TEST_CASE("an unset number is NaN, and what is no single number has none") {
    CHECK(std::isnan(number_of_key("server-speed").get(Config{})));
    CHECK(std::isnan(number_of_key("train-samples").get(Config{})));
    for (const char* key : {"method", "speeds", "hidden", "variability", "straggler", "data"})
        CHECK_FALSE(find_option(key)->kind.number.has_value());
}

TEST_CASE("the unit of a range is that of its lower end, or of the upper one where that is 0") {
    const auto unit = [](const char* low, const char* high) {
        return unit_of_range(find_option("bandwidth")->kind, low, high);
    };
    CHECK(unit("100Mbps", "100Mbps") == "Mbps");
    CHECK(unit("100Mbps", "1000Gbps") == "Mbps");
    CHECK(unit("0bps", "1GBps") == "GBps");
    CHECK(unit("0.5kBps", "1Gbps") == "kBps");
    CHECK(unit("none", "1Gbps") == "Gbps");
    CHECK(unit_of_range(find_option("workers")->kind, "1", "4").empty());
}

TEST_CASE("quantities are written with so many digits in a unit") {
    const auto text = [](double value, std::string_view unit, int digits) {
        Config config;
        config.bandwidth_Bps = value;
        return text_in_unit(find_option("bandwidth")->kind, config, unit, digits);
    };
    CHECK(text(58019949.1, "Mbps", 6) == "464.16Mbps");
    CHECK(text(58019949.1, "MBps", 3) == "58MBps");
    CHECK(text(2222850000, "Mbps", 15) == "17782.8Mbps");
    CHECK(text(12.5, "Mbps", 6) == "0.0001Mbps");
    CHECK(text(1.25e11, "Gbps", 6) == "1000Gbps");
    CHECK(text(1.0 / 3, "Bps", 6) == "0.333333Bps");
    Config config;
    config.workers = 3;
    CHECK(text_in_unit(find_option("workers")->kind, config, "", 6) == "3");
    CHECK(text_in_unit(find_option("time-budget")->kind, config, "s", 6) == "none");
}

TEST_CASE("any value has the unit asked for and no more digits, and its text says what it is") {
    // xorshift64: 1e5 values from 1e-3 to 1e3 of each unit
    std::uint64_t state = 88172645463325252ULL;
    const auto draw = [&] {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        return static_cast<double>(state >> 11U) * 0x1p-53;
    };
    const std::vector<std::pair<const char*, std::vector<std::string>>> keys{
        {"bandwidth", {"Mbps", "Gbps", "kBps", "MBps", "GBps"}},
        {"latency", {"us", "ms", "s"}},
        {"speed", {"Mf", "Gf"}},
        {"memory", {"GB", "GiB"}}};
    int wrong = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto& [key, units] = keys[static_cast<std::size_t>(i) % keys.size()];
        const std::string& unit = units[static_cast<std::size_t>(i) / keys.size() % units.size()];
        const Kind& kind = find_option(key)->kind;
        Config config;
        const double value = std::pow(10, 6 * draw() - 2.9) * size_of_unit(kind, unit);
        kind.number->set(config, value);
        const std::string text = text_in_unit(kind, config, unit, 6);
        const std::string number = text.substr(0, text.size() - std::min(unit.size(), text.size()));
        kind.set(config, key, text);
        const bool is_right = text.ends_with(unit) && number == fmt::format("{}", std::stod(number)) &&
                              std::count_if(number.begin(), number.end(), ::isdigit) <= 9 &&
                              std::abs(kind.number->get(config) / value - 1) <= 5.001e-6 &&
                              text_in_unit(kind, config, unit, 6) == text &&
                              text_in_unit(kind, config, unit, 15) == text;
        if (!is_right && ++wrong < 5) FAIL_CHECK(key << ' ' << text);
    }
    CHECK(wrong == 0);
}

TEST_CASE("what a user wrote keeps its unit and loses needless digits") {
    const auto given = [](const char* key, const char* text) {
        Config config;
        find_option(key)->kind.set(config, key, text);
        return text_as_given(find_option(key)->kind, config, text);
    };
    CHECK(given("latency", "1000us") == "1000us");
    CHECK(given("latency", "01.50ms") == "1.5ms");
    CHECK(given("latency", "0.123456789012345678s") == "0.12345678901234568s");
    CHECK(given("bandwidth", "1e3Mbps") == "1000Mbps");
    CHECK(given("time-budget", "none") == "none");
    CHECK(given("lr", "0.10") == "0.1");
    CHECK(given("method", "IN-TURN") == "in-turn");
    CHECK(given("speeds", "1000Mf,5Gf") == "1Gf,5Gf");
}
