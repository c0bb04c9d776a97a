// Where the legs of ranks that share a process end, and what is kept between them.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/packing.hpp"
#include "run/checkpoint/common_legs.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/run/kept_run.hpp"

namespace test_common_legs {

using namespace lockstep;
using run::CommonLegs;
using run::LegEnd;
using test::KeptRun;

namespace {

/// As all ranks of a run begin that goes on from nothing.
void begin(CommonLegs& legs, std::size_t ranks) {
    for (std::size_t rank = 0; rank < ranks; ++rank) CHECK_FALSE(legs.begin(rank));
}

/// What `end` says to one rank after the other.
std::vector<LegEnd> ends(CommonLegs& legs, std::size_t ranks, double elapsed_s) {
    std::vector<LegEnd> all;
    for (std::size_t rank = 0; rank < ranks; ++rank) all.push_back(legs.end(elapsed_s));
    return all;
}

run::RankState state_of(double elapsed_s, std::uint64_t steps, std::byte mark) {
    return {{elapsed_s, steps}, {mark}};
}

}  // namespace

TEST_CASE("who first comes to a step decides whether the leg ends before it, for those who come later") {
    KeptRun kept("sync-average", 0.5, 5);
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 2);
    for (const std::uint64_t step : {0U, 1U, 2U, 3U})
        CHECK(legs.takes(step, 0.1 * static_cast<double>(step)));
    for (const std::uint64_t step : {0U, 1U, 2U, 3U})
        CHECK(legs.takes(step, 0.6));  // by a clock that is ahead
    CHECK_FALSE(legs.takes(4, 0.6));
    CHECK_FALSE(legs.takes(4, 0.4));  // by one that is behind
    CHECK(legs.sure_until(0.4) == 4);
    CHECK_FALSE(legs.leave(0, 4));
    CHECK_FALSE(legs.leave(1, 4));
    CHECK(ends(legs, 2, 0.6) == std::vector{LegEnd::keep, LegEnd::keep});

    legs.keep(0, state_of(0.6, 4, std::byte{7}));
    CHECK_FALSE(kept.newest());  // not before all have been there
    legs.keep(1, state_of(0.6, 4, std::byte{8}));
    const auto found = kept.newest();
    REQUIRE(found);
    CHECK(found->checkpoint.number == 1);
    CHECK(found->checkpoint.world == "simulated");
    CHECK(found->checkpoint.elapsed_s == 0.6);
    CHECK(found->checkpoint.epochs == 2);
    REQUIRE(found->checkpoint.ranks.size() == 2);
    CHECK(base::unpack<run::RankState>(found->checkpoint.ranks[1]).bytes == std::vector{std::byte{8}});

    CHECK(legs.takes(4, 0.6));  // the next leg: until 1 s
    CHECK(legs.takes(5, 0.99));
    CHECK_FALSE(legs.takes(6, 1));
}

TEST_CASE("a run whose steps are taken is complete, also where a checkpoint was due with the last") {
    KeptRun kept("sync-average", std::uint64_t{2}, 2);  // after all four steps
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 2);
    for (std::uint64_t step = 0; step < 4; ++step) CHECK(legs.takes(step, 0));
    CHECK_FALSE(legs.takes(4, 0));
    CHECK(legs.leave(0, 4));
    CHECK(legs.leave(1, 4));
    CHECK(ends(legs, 2, 0) == std::vector{LegEnd::complete, LegEnd::complete});
    CHECK_FALSE(kept.newest());
}

TEST_CASE("until when workers are sure is promised once, for an epoch at most, and kept") {
    KeptRun kept("ad-psgd", std::uint64_t{3}, 5);  // every six of ten steps
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 2);
    CHECK(legs.takes(0, 0));
    CHECK(legs.sure_until(0) == 2);
    CHECK(legs.sure_until(0) == 2);  // whoever asks
    std::raise(SIGUSR1);
    kept.wall_s += 1;
    CHECK(legs.takes(1, 0));
    CHECK(legs.sure_until(0) == 2);
    CHECK_FALSE(legs.takes(2, 0));
    CHECK(legs.sure_until(0) == 2);
}

TEST_CASE("who is asked to stop ends the leg at the next look, with a checkpoint, and the run") {
    KeptRun kept("sync-average", std::uint64_t{100}, 500);
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 2);
    CHECK(legs.takes(0, 0));
    std::raise(SIGUSR1);
    CHECK(legs.takes(1, 0.1));  // it looks a hundred times a second
    kept.wall_s += 0.02;
    CHECK_FALSE(legs.takes(2, 0.2));
    CHECK_FALSE(legs.takes(2, 0.2));
    CHECK_FALSE(legs.leave(0, 2));
    CHECK_FALSE(legs.leave(1, 2));
    CHECK(ends(legs, 2, 0.2) == std::vector{LegEnd::stop, LegEnd::stop});
    for (std::size_t rank = 0; rank < 2; ++rank) legs.keep(rank, state_of(0.2, 2, std::byte{1}));
    REQUIRE(kept.newest());
    CHECK(kept.newest()->checkpoint.epochs == 1);
}

TEST_CASE("where nobody has said how often, a leg ends without a checkpoint that is not worth its time") {
    KeptRun kept("sync-average", std::nullopt, 150);  // of 300 steps
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 2);
    const auto leg = [&](std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t step = from; step < to; ++step) CHECK(legs.takes(step, 0));
        CHECK_FALSE(legs.takes(to, 0));
        for (const std::size_t rank : {0U, 1U}) legs.leave(rank, to);
        return ends(legs, 2, 0);
    };
    CHECK(leg(0, 100) == std::vector{LegEnd::go_on, LegEnd::go_on});
    kept.wall_s += 31;
    CHECK(leg(100, 200) == std::vector{LegEnd::keep, LegEnd::keep});
}

TEST_CASE("a server ends the leg, and its clock and steps are those of the checkpoint") {
    KeptRun kept("by-arrival", std::uint64_t{2}, 5);
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    begin(legs, 3);
    CHECK_FALSE(legs.is_ending(3, 0.3));
    CHECK(legs.is_ending(4, 0.4));
    CHECK(legs.is_ending(4, 0.4));
    CHECK_FALSE(legs.leave(0, 5));
    CHECK_FALSE(legs.leave(1, 4));
    CHECK_FALSE(legs.leave(2, 4));
    CHECK(ends(legs, 3, 0.5) == std::vector(3, LegEnd::keep));
    legs.keep(0, state_of(0.3, 5, std::byte{1}));
    legs.keep(1, state_of(0.3, 4, std::byte{2}));
    legs.keep(2, state_of(0.5, 4, std::byte{3}));
    REQUIRE(kept.newest());
    CHECK(kept.newest()->checkpoint.elapsed_s == 0.5);
    CHECK(kept.newest()->checkpoint.epochs == 2);
    CHECK_FALSE(legs.is_ending(5, 0.6));  // the next leg
}

TEST_CASE("a run goes on from its last checkpoint, with the dates that are ahead") {
    KeptRun kept("sync-average", std::uint64_t{2}, 5);
    {
        run::Checkpoints checkpoints = kept.checkpoints("simulated");
        CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
        begin(legs, 2);
        for (std::uint64_t step = 0; step < 4; ++step) CHECK(legs.takes(step, 0));
        CHECK_FALSE(legs.takes(4, 0));
        for (const std::size_t rank : {0U, 1U}) legs.leave(rank, 4);
        ends(legs, 2, 0.25);
        legs.keep(0, state_of(0.25, 4, std::byte{7}));
        legs.keep(1, state_of(0.25, 4, std::byte{8}));
    }
    run::Checkpoints checkpoints = kept.checkpoints("simulated");
    CommonLegs legs(kept.config, kept.problem, checkpoints, nullptr);
    const auto first = legs.begin(0);
    REQUIRE(first);
    CHECK(first->elapsed_s == 0.25);
    CHECK(first->steps == 4);
    CHECK(first->bytes == std::vector{std::byte{7}});
    CHECK(checkpoints.last() != nullptr);  // others still need it
    const auto second = legs.begin(1);
    REQUIRE(second);
    CHECK(second->bytes == std::vector{std::byte{8}});
    CHECK(checkpoints.last() == nullptr);
    for (std::uint64_t step = 4; step < 8; ++step) CHECK(legs.takes(step, 0.25));
    CHECK_FALSE(legs.takes(8, 0.25));
}

}  // namespace test_common_legs
