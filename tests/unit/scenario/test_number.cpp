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

TEST_CASE("a readable quantity has a number from 1 to 1000 where a unit makes it one") {
    CHECK(readable_quantity(Quantity::time, 62.672e-6) == "62.672us");
    CHECK(readable_quantity(Quantity::speed, 347.46e6) == "347.46Mf");
    CHECK(readable_quantity(Quantity::bandwidth, 1.25e8) == "1Gbps");
    CHECK(readable_quantity(Quantity::time, 0) == "0s");
    CHECK(readable_quantity(Quantity::time, 1e-12) == render_quantity(Quantity::time, 1e-12));
    CHECK(readable_quantity(Quantity::size, 500) == "500B");
}
