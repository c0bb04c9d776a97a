#include "study/report/advice/advise.hpp"
#include "study/report/counterfactual_command.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/report/runs.hpp"

using namespace lockstep;
using namespace lockstep::study;
using scenario::Method;
using test::Division;
using test::result_of;

namespace {

result::Result with_messages(result::Result result, std::uint64_t messages, std::uint64_t bytes_each) {
    result.summary.messages = messages;
    result.summary.bytes = messages * bytes_each;
    return result;
}

bool mentions(const std::vector<std::string>& texts, const std::string& part) {
    return std::ranges::any_of(texts,
                               [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("a run that computes nearly all the time is limited by computing") {
    CHECK(advise(result_of(Method("serial"), {{10, 0, 0}})).cause == Cause::computing);
    const Advice advice = advise(result_of(Method("sync-average"), {{8, 1, 1}, {8, 1, 1}}));
    CHECK(advice.cause == Cause::computing);
    CHECK(advice.change.find("20.0 %") != std::string::npos);
}

TEST_CASE("a worker that computes longer while the others wait is the straggler") {
    const Advice advice =
        advise(result_of(Method("sync-average"), {{2, 7, 1}, {2, 7, 1}, {9, 0, 1}, {2, 7, 1}}));
    CHECK(advice.cause == Cause::straggler);
    CHECK(advice.limit.starts_with("Worker 2 decided the pace"));
    CHECK(advice.limit.find("4.5 times") != std::string::npos);
}

TEST_CASE("of two workers the slower one is the straggler") {
    const Advice advice = advise(result_of(Method("sync-average"), {{2, 7.5, 0.5}, {10, 0, 0.5}}));
    CHECK(advice.cause == Cause::straggler);
    CHECK(advice.limit.starts_with("Worker 1 decided the pace"));
    CHECK(advice.limit.find("5 times as long as the other one") != std::string::npos);
}

TEST_CASE("half of the workers may be slow") {
    const Advice waited =
        advise(result_of(Method("sync-average"), {{2, 8, 0}, {10, 0, 0}, {2, 8, 0}, {9.9, 0.1, 0}}));
    CHECK(waited.cause == Cause::straggler);
    CHECK(waited.limit.starts_with("Workers 1 and 3 decided the pace: the others waited for them"));
    CHECK(waited.limit.find("5 times as long as the median worker") != std::string::npos);
    const Advice late =
        advise(result_of(Method("by-arrival"), {{9, 0, 1}, {35, 0, 5}, {9, 0, 1}, {36, 0, 4}, {5, 30, 5}}));
    CHECK(late.cause == Cause::straggler);
    CHECK(late.limit.starts_with("Workers 1 and 3 decided the pace: they were done last"));
}

TEST_CASE("workers that wait for one another's random steps are not limited by the network") {
    const auto result = result_of(Method("sync-average"), {{3, 6.9, 0.1}, {3.2, 6.7, 0.1}, {2.8, 7.1, 0.1}});
    const Advice advice = advise(with_messages(result, 100, 1'000'000));
    CHECK(advice.cause == Cause::waiting);
    CHECK(advice.change.find("backup-workers") != std::string::npos);
    CHECK(advice.change.find("by-arrival") != std::string::npos);
    // Where one of the ranks is busy with messages they may wait for those.
    const auto busy = result_of(Method("sync-average"), {{3, 6.9, 0.1}, {3.2, 6.7, 0.1}, {2.8, 4.2, 3}});
    CHECK(advise(with_messages(busy, 100, 1'000'000)).cause == Cause::bandwidth);
}

TEST_CASE("one that computes longer but mostly waits itself decides nothing") {
    CHECK(advise(result_of(Method("sync-average"), {{1, 8, 1}, {1, 8, 1}, {2, 7, 1}})).cause !=
          Cause::straggler);
}

TEST_CASE("a worker that is done long after the others is the straggler though nobody waits") {
    const Advice advice =
        advise(result_of(Method("by-arrival"), {{9, 0, 1}, {9, 0, 1}, {36, 0, 4}, {5, 30, 5}}));
    CHECK(advice.cause == Cause::straggler);
    CHECK(advice.limit.find("done last") != std::string::npos);
}

TEST_CASE("a server that computes most of the time limits its workers") {
    CHECK(advise(result_of(Method("by-arrival"), {{2, 7, 1}, {2, 7, 1}, {9, 0, 1}})).cause == Cause::server);
}

TEST_CASE("a server at which messages meet limits its workers") {
    // 100 messages of 2 MB for each worker, at 125 MB/s: 1.6 s of 10 s; they were in transfer for 7 s.
    const auto result = result_of(Method("by-arrival"), {{2, 1, 7}, {2, 1, 7}, {1, 8, 1}});
    const Advice advice = advise(with_messages(result, 200, 2'000'000));
    CHECK(advice.cause == Cause::server);
    CHECK(advice.limit.find("they would have been 16.1 %") != std::string::npos);
    CHECK(advise(with_messages(result, 200, 5'000'000)).cause == Cause::bandwidth);  // 4 s alone
    auto unlike = with_messages(result, 200, 2'000'000);
    unlike.config.latencies_s = {1, 2};
    CHECK(advise(unlike).cause != Cause::server);
}

TEST_CASE("no server is blamed where there is none, and serial has no stragglers") {
    for (const scenario::Method& traits : scenario::Method::all()) {
        if (traits->traits->server == exchange::ServerUse::always) continue;
        for (const Division& slow : {Division{2, 1, 7}, {2, 7, 1}, {9, 0, 1}, {36, 0, 4}, {2, 0, 1, 7}}) {
            const bool is_serial = traits == Method("serial");
            const auto ranks = is_serial ? std::vector{slow} : std::vector<Division>{{2, 1, 7}, slow, slow};
            const Advice advice = advise(with_messages(result_of(traits, ranks), 200, 2'000'000));
            INFO(traits.name() << ": " << advice.limit);
            CHECK(advice.cause != Cause::server);
            CHECK(advice.limit.find("server") == std::string::npos);
            if (is_serial) CHECK(advice.cause == Cause::computing);
        }
    }
}

TEST_CASE("no run is told to use the method that it uses") {
    const std::vector<Division> late{{9, 0, 1}, {9, 0, 1}, {36, 0, 4}, {5, 30, 5}};
    for (const Method method : {Method("by-arrival"), Method("backup-workers"), Method("softsync")}) {
        const Advice advice = advise(result_of(method, late));
        REQUIRE(advice.cause == Cause::straggler);
        CHECK((advice.change.find("by-arrival") == std::string::npos) == (method == Method("by-arrival")));
        CHECK((advice.change.find("backup-workers") == std::string::npos) ==
              (method == Method("backup-workers")));
    }
}

TEST_CASE("small messages are limited by latency, large ones by bandwidth") {
    const auto result = result_of(Method("sync-average"), {{2, 2, 6}, {2, 2, 6}});
    CHECK(advise(with_messages(result, 100, 1000)).cause ==
          Cause::latency);  // 8 us of bytes, 50 us of latency
    CHECK(advise(with_messages(result, 100, 1'000'000)).cause == Cause::bandwidth);  // 8 ms
    CHECK(advise(with_messages(result, 100, 6250)).cause == Cause::transfer);        // 50 us each
    CHECK(advise(result).cause == Cause::transfer);
}

TEST_CASE("latency is weighed against bandwidth only on a star of equal links") {
    const auto result =
        with_messages(result_of(Method("sync-average"), {{2, 2, 6}, {2, 2, 6}}), 100, 1'000'000);
    REQUIRE(advise(result).cause == Cause::bandwidth);
    const auto changed = [&](auto change) {
        auto other = result;
        change(other.config);
        return advise(other).cause;
    };
    CHECK(changed([](auto& config) { config.topology = scenario::Topology::two_clusters; }) ==
          Cause::transfer);
    CHECK(changed([](auto& config) { config.bandwidths_Bps = {1e6, 1e9}; }) == Cause::transfer);
    auto served =
        with_messages(result_of(Method("by-arrival"), {{2, 2, 6}, {2, 2, 6}, {1, 8, 1}}), 200, 5'000'000);
    REQUIRE(advise(served).cause == Cause::bandwidth);
    served.config.server_bandwidth_Bps = 1e6;
    CHECK(advise(served).cause == Cause::transfer);
}

TEST_CASE("of a real network nothing is known") {
    auto result = with_messages(result_of(Method("sync-average"), {{2, 2, 6}, {2, 2, 6}}), 100, 1000);
    result.provenance.world = "real";
    CHECK(advise(result).cause == Cause::transfer);
    CHECK(counterfactual_command(result).empty());
}

TEST_CASE("taking turns, and what is neither computing nor messages") {
    CHECK(advise(result_of(Method("in-turn"), {{2, 7, 1}, {2, 7, 1}})).cause == Cause::turns);
    CHECK(advise(result_of(Method("sync-average"), {{2, 1, 1, 6}, {2, 1, 1, 6}})).cause == Cause::overhead);
}

TEST_CASE("times that mean nothing, and none, are not explained") {
    auto result = result_of(Method("sync-average"), {{2, 2, 6}, {2, 2, 6}});
    result.provenance.oversubscribed = true;
    CHECK(advise(result).cause == Cause::nothing_said);
    CHECK(advise(result::Result{}).cause == Cause::nothing_said);
    result.summary.outcome = result::Outcome::stalled;
    CHECK(advise(result).cause == Cause::standstill);
    result.summary.outcome = result::Outcome::aborted;
    result.provenance.abort_cause = "rank 1 on node7 has ended";
    CHECK(advise(result).cause == Cause::nothing_said);
    CHECK(advise(result).limit.starts_with("The run was aborted: rank 1 on node7 has ended."));
}

TEST_CASE("remarks: the bound of computing, staleness and uneven work") {
    auto result = result_of(Method("by-arrival"), {{6, 1, 3}, {4, 3, 3}, {1, 8, 1}});
    result.staleness = {{0, 10}, {3, 10}};
    result.summary.mean_staleness = 1.5;
    result.workers[0].update_share = 0.7;
    result.workers[1].update_share = 0.3;
    const Advice advice = advise(result);
    CHECK(mentions(advice.remarks, "at least 6 s"));
    CHECK(mentions(advice.remarks, "1.50 versions stale on average, at most 3"));
    CHECK(mentions(advice.remarks, "from 30.0 % to 70.0 %"));
}

TEST_CASE("the command that simulates what limits a run repeats its options but those of output") {
    auto result = result_of(Method("by-arrival"), {{2, 7, 1}, {2, 7, 1}, {9, 0, 1}});
    result.config.latency_s = 1e-3;
    result.config.out = "folder";
    result.config.events = scenario::Events::full;
    result.config.paje = "trace";
    CHECK(counterfactual_command(result) ==
          "lockstep compare --methods by-arrival:2 --workers=2 --latency=1ms");
}
