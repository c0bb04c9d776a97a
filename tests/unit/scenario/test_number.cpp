#include <cmath>

#include <catch2/catch.hpp>

#include "scenario/options/options.hpp"

using namespace lockstep::scenario;

namespace {

const Number& number_of_key(std::string_view key) {
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

TEST_CASE("a quantity is shown in the unit of another one, and read back to the same") {
    CHECK(quantity_like(Quantity::time, 62.672e-6, "10us") == "62.672us");
    CHECK(quantity_like(Quantity::time, 62.672e-6, "1s") == "6.2672e-05s");
    CHECK(quantity_like(Quantity::bandwidth, 1.25e8, "100Mbps") == "1000Mbps");
    CHECK(quantity_like(Quantity::bandwidth, 1.25e11, "1Gbps") == "1000Gbps");
    CHECK(quantity_like(Quantity::bandwidth, 58019900, "1Mbps") == "464.1592Mbps");
    CHECK(quantity_like(Quantity::bandwidth, 58019900, "1MBps") == "58.0199MBps");
    CHECK(quantity_like(Quantity::count, 2.5e7, "1M") == "25M");
    CHECK(quantity_like(Quantity::count, 2.5e7, "100") == "25000000");
    CHECK(quantity_like(Quantity::time, 0, "1ms") == "0ms");
    CHECK(quantity_like(Quantity::time, 1e-3, "none") == render_quantity(Quantity::time, 1e-3));
    for (const double value : {1.0 / 3, 0.1 + 0.2, 123456.789, 1e-290})
        for (const char* like : {"1ns", "1us", "1s", "1h"})
            CHECK(parse_quantity("", quantity_like(Quantity::time, value, like), Quantity::time,
                                 {"0s", "1000000h"}) == value);
}

TEST_CASE("between two values a quantity has the unit of one of them") {
    const auto between = [](double value, const char* low, const char* high) {
        Config config;
        config.bandwidth_Bps = value;
        return text_between(find_option("bandwidth")->kind, config, low, high);
    };
    CHECK(between(58019900, "100Mbps", "100Mbps") == "464.1592Mbps");
    CHECK(between(2222850000, "100Mbps", "1000Gbps") == "17.7828Gbps");
    CHECK(between(58019900, "100Mbps", "1000Gbps") == "464.1592Mbps");
    CHECK(between(12.5, "100Mbps", "1000Gbps") == "0.0001Mbps");
    CHECK(between(1.25e8, "0bps", "100Mbps") == "1000Mbps");
    Config config;
    config.workers = 3;
    CHECK(text_between(find_option("workers")->kind, config, "1", "4") == "3");
    CHECK(text_between(find_option("time-budget")->kind, config, "1s", "4s") == "none");
}
