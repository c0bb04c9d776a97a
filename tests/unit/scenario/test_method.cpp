#include "scenario/config.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;

TEST_CASE("the methods and what sets them apart") {
    using lockstep::exchange::ServerUse;
    REQUIRE(Method::all().size() == 17);
    CHECK(Method() == "serial");
    CHECK(Method("serial")->traits->server == ServerUse::never);
    CHECK(Method("sync-average")->traits->server == ServerUse::never);
    CHECK(Method("in-turn")->traits->server == ServerUse::optional);
    CHECK(Method("by-arrival")->traits->server == ServerUse::always);
    CHECK_THROWS_WITH(Method("by-chance"), Catch::Matchers::ContainsSubstring("by-chance") &&
                                               Catch::Matchers::ContainsSubstring("by-arrival"));
    for (const Method& method : Method::all()) {
        CHECK(Method(method.name()) == method);
        CHECK(name(method) == method->traits->name);
        CHECK_FALSE(method->traits->summary.empty());
    }
}

TEST_CASE("a dedicated server is one more rank") {
    Config config;
    config.workers = 3;
    for (const auto server : {Server::none, Server::dedicated}) {
        config.server = server;
        const std::size_t asked = server == Server::dedicated ? 1 : 0;
        CHECK(rank_count((config.method = Method("sync-average"), config)) == 3);
        CHECK(rank_count((config.method = Method("in-turn"), config)) == 3 + asked);
        CHECK(rank_count((config.method = Method("by-arrival"), config)) == 4);
    }
}

TEST_CASE("several servers are several more ranks, where each serves its part") {
    Config config;
    config.workers = 3;
    config.servers = 4;
    for (const Method method : {Method("by-arrival"), Method("bounded-staleness"), Method("dc-asgd")})
        CHECK(rank_count((config.method = method, config)) == 7);
    for (const Method method : {Method("softsync"), Method("backup-workers")})
        CHECK(rank_count((config.method = method, config)) == 4);
    CHECK(rank_count((config.method = Method("easgd"), config)) == 3);
    config.server = Server::dedicated;
    CHECK(rank_count((config.method = Method("easgd"), config)) == 7);
    CHECK(rank_count((config.method = Method("in-turn"), config)) == 4);
}
