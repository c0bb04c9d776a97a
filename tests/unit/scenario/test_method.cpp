#include <catch2/catch.hpp>

#include "scenario/choices.hpp"
#include "scenario/config.hpp"

using namespace lockstep::scenario;

TEST_CASE("the methods and what sets them apart") {
    REQUIRE(methods().size() == 16);
    CHECK(traits(Method::serial).name == "serial");
    CHECK(traits(Method::sync_average).name == "sync-average");
    CHECK(traits(Method::in_turn).name == "in-turn");
    CHECK(traits(Method::by_arrival).name == "by-arrival");
    CHECK(traits(Method::serial).server == ServerUse::never);
    CHECK(traits(Method::sync_average).server == ServerUse::never);
    CHECK(traits(Method::in_turn).server == ServerUse::optional);
    CHECK(traits(Method::by_arrival).server == ServerUse::always);
    for (const MethodTraits& method : methods()) {
        CHECK(traits(method.method).name == method.name);
        CHECK(name(method.method) == method.name);
        CHECK_FALSE(method.summary.empty());
    }
}

TEST_CASE("a dedicated server is one more rank") {
    Config config;
    config.workers = 3;
    for (const auto server : {Server::none, Server::dedicated}) {
        config.server = server;
        const std::size_t asked = server == Server::dedicated ? 1 : 0;
        CHECK(rank_count((config.method = Method::sync_average, config)) == 3);
        CHECK(rank_count((config.method = Method::in_turn, config)) == 3 + asked);
        CHECK(rank_count((config.method = Method::by_arrival, config)) == 4);
    }
}

TEST_CASE("several servers are several more ranks, where each serves its part") {
    Config config;
    config.workers = 3;
    config.servers = 4;
    for (const Method method : {Method::by_arrival, Method::bounded_staleness, Method::dc_asgd})
        CHECK(rank_count((config.method = method, config)) == 7);
    for (const Method method : {Method::softsync, Method::backup_workers})
        CHECK(rank_count((config.method = method, config)) == 4);
    CHECK(rank_count((config.method = Method::easgd, config)) == 3);
    config.server = Server::dedicated;
    CHECK(rank_count((config.method = Method::easgd, config)) == 7);
    CHECK(rank_count((config.method = Method::in_turn, config)) == 4);
}
