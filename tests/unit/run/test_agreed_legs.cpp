// Where the legs of ranks end that are processes of their own, one rank at a time: what the others say is
// written down beforehand.
#include <algorithm>
#include <csignal>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/process/stop_signals.hpp"
#include "comm/agreement.hpp"
#include "run/checkpoint/agreed_legs.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/run/kept_run.hpp"

namespace test_agreed_legs {

using namespace lockstep;
using comm::Transport;
using run::AgreedLegs;
using run::LegEnd;
using test::KeptRun;

namespace {

using Messages = std::map<std::size_t, std::deque<std::vector<std::byte>>>;  ///< by the other rank

/// What a rank hears of others, and tells them.
struct Script {
    std::deque<int> others;  ///< the largest that any other says, for each agreement; then 0
    std::vector<int> said;
    Messages incoming;
    Messages sent;
};

class ScriptedTransport final : public Transport {
  public:
    ScriptedTransport(std::size_t rank, Script& script) : rank_(rank), script_(script) {}

    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return 2; }
    double now_s() const override { return 0; }
    int maximum(int value) override {
        script_.said.push_back(value);
        if (script_.others.empty()) return value;
        const int other = script_.others.front();
        script_.others.pop_front();
        return std::max(value, other);
    }
    void send(std::span<const std::byte> bytes, std::size_t destination, int /*tag*/) override {
        script_.sent[destination].emplace_back(bytes.begin(), bytes.end());
    }
    Received receive(std::span<std::byte> buffer, std::size_t source, int tag) override {
        auto& waiting = script_.incoming[source];
        if (waiting.empty()) throw std::logic_error("nobody has sent anything");
        const std::vector<std::byte> bytes = std::move(waiting.front());
        waiting.pop_front();
        if (!bytes.empty()) std::memcpy(buffer.data(), bytes.data(), bytes.size());
        return {bytes.size(), tag};
    }

    void send_receive(std::span<const std::byte> /*outgoing*/, std::size_t /*destination*/,
                      std::span<std::byte> /*incoming*/, std::size_t /*source*/, int /*tag*/) override {
        throw unused();
    }
    Handle start_send(std::span<const std::byte> /*bytes*/, std::size_t /*destination*/,
                      int /*tag*/) override {
        throw unused();
    }
    Handle start_receive(std::span<std::byte> /*buffer*/, std::size_t /*source*/, int /*tag*/) override {
        throw unused();
    }
    Received wait(Handle& /*handle*/) override { throw unused(); }
    std::optional<Received> test(Handle& /*handle*/) override { throw unused(); }
    Completion wait_any(std::span<Handle> /*handles*/) override { throw unused(); }
    std::optional<Completion> test_any(std::span<Handle> /*handles*/) override { throw unused(); }
    void sum(std::span<float> /*vector*/) override { throw unused(); }
    void broadcast(std::span<std::byte> /*buffer*/, std::size_t /*root*/) override { throw unused(); }
    std::unique_ptr<Transport> duplicate() const override { throw unused(); }

  private:
    static std::logic_error unused() { return std::logic_error("not what legs ask for"); }

    std::size_t rank_;
    Script& script_;
};

/// One of two ranks.
struct Rank {
    explicit Rank(std::size_t rank) : communicator(std::make_unique<ScriptedTransport>(rank, script)) {}
    Rank(const Rank&) = delete;
    Rank& operator=(const Rank&) = delete;

    /// `signals` are the process's.
    AgreedLegs legs(const KeptRun& kept, base::StopSignals& signals,
                    run::Checkpoints* checkpoints = nullptr) {
        return {communicator, communicator, kept.config, kept.problem, signals, checkpoints};
    }
    /// What it last wished for in a meeting, and for how many steps it then promised.
    LegEnd wished() const { return static_cast<LegEnd>(script.said.back() >> 28); }
    int promised() const { return script.said.back() & ((1 << 28) - 1); }

    Script script;
    comm::Communicator communicator;
};

int saying(LegEnd end, int steps = 0) {
    return (static_cast<int>(end) << 28) + steps;
}

}  // namespace

TEST_CASE("workers meet before agreed steps, a second apart at the pace of the steps before") {
    base::StopSignals signals;
    const KeptRun kept("sync-average", 1e6, 50);
    Rank first(0);
    AgreedLegs legs = first.legs(kept, signals);
    std::vector<std::uint64_t> meetings;
    for (std::uint64_t step = 0; step < 40; ++step) {
        const std::size_t before = first.script.said.size();
        CHECK(legs.takes(step, 0.125 * static_cast<double>(step)));
        if (first.script.said.size() > before) meetings.push_back(step);
    }
    // At first nothing is known of their length; then no more than twice as many as before, and eight a
    // second.
    CHECK(meetings == std::vector<std::uint64_t>{0, 2, 6, 14, 22, 30, 38});
}

TEST_CASE("the leg ends before the step at which rank 0's date is due, and not before it") {
    base::StopSignals signals;
    const KeptRun kept("sync-average", std::uint64_t{2}, 5);  // every four of ten steps
    Rank first(0);
    AgreedLegs legs = first.legs(kept, signals);
    for (std::uint64_t step = 0; step < 4; ++step) CHECK(legs.takes(step, 0.01));
    CHECK_FALSE(legs.takes(4, 0.01));
    CHECK(first.wished() == LegEnd::keep);
    CHECK(legs.sure_until(0.01) == 4);
    CHECK_FALSE(legs.leave(0, 4));
    CHECK(legs.end(0.01) == LegEnd::keep);
    CHECK_FALSE(legs.is_stopped());
    CHECK(legs.takes(4, 0.01));  // the next leg
}

TEST_CASE("another rank's dates do not count, nor what it would promise") {
    base::StopSignals signals;
    const KeptRun kept("sync-average", std::uint64_t{2}, 5);
    Rank second(1);
    AgreedLegs legs = second.legs(kept, signals);
    second.script.others = {saying(LegEnd::complete, 4), saying(LegEnd::complete, 1),
                            saying(LegEnd::keep, 1)};
    for (std::uint64_t step = 0; step < 5; ++step) CHECK(legs.takes(step, 0.01));
    CHECK(second.script.said == std::vector<int>{0, 0});  // also at step 4, where its own date is due
    CHECK_FALSE(legs.takes(5, 0.01));
    CHECK(second.script.said.back() == 0);
}

TEST_CASE("whoever was asked to stop ends the leg in the next meeting, for all") {
    const KeptRun kept("sync-average", 1e6, 50);
    for (const std::size_t rank : {0U, 1U}) {
        CAPTURE(rank);
        base::StopSignals signals;
        Rank asked(rank);
        AgreedLegs legs = asked.legs(kept, signals);
        asked.script.others = {saying(LegEnd::complete, 2), saying(LegEnd::complete, 2)};
        CHECK(legs.takes(0, 0));
        std::raise(SIGUSR1);
        CHECK(legs.takes(1, 1));  // all are sure of it
        CHECK_FALSE(legs.takes(2, 2));
        CHECK(asked.wished() == LegEnd::stop);
        CHECK_FALSE(legs.leave(rank, 2));
        CHECK(legs.end(2) == LegEnd::stop);
        CHECK(legs.is_stopped());
    }
    base::StopSignals signals;
    Rank other(0);
    AgreedLegs legs = other.legs(kept, signals);
    other.script.others = {0, saying(LegEnd::stop)};
    CHECK(legs.takes(0, 0));
    CHECK(legs.takes(1, 1));
    CHECK_FALSE(legs.takes(2, 2));
    CHECK(other.wished() == LegEnd::complete);
    other.script.others = {static_cast<int>(LegEnd::stop)};
    CHECK(legs.end(2) == LegEnd::stop);
}

TEST_CASE("a run whose steps are taken is complete without a meeting") {
    base::StopSignals signals;
    const KeptRun kept("sync-average", std::uint64_t{100}, 1);
    Rank first(0);
    AgreedLegs legs = first.legs(kept, signals);
    CHECK(legs.takes(0, 0));
    CHECK(first.promised() == 2);
    CHECK(legs.takes(1, 0));
    CHECK_FALSE(legs.takes(2, 0));
    CHECK(first.script.said.size() == 1);
    CHECK(legs.leave(0, 2));
    CHECK(legs.end(0) == LegEnd::complete);
}

TEST_CASE("a leg ends without a checkpoint that is not worth its time to rank 0") {
    base::StopSignals signals;
    KeptRun kept("sync-average", std::nullopt, 150);  // of 300 steps, a minute and a hundred steps apart
    run::Checkpoints checkpoints = kept.checkpoints("real");
    Rank first(0);
    AgreedLegs legs = first.legs(kept, signals, &checkpoints);
    const auto leg_until = [&](std::uint64_t step, double elapsed_s) {
        while (legs.takes(step, elapsed_s)) ++step;
        legs.leave(0, step);
        return legs.end(elapsed_s);
    };
    CHECK(leg_until(100, 60) == LegEnd::go_on);
    kept.wall_s += 31;
    CHECK(leg_until(200, 120) == LegEnd::keep);
}

TEST_CASE("the first server ends the leg, by its own dates and signals") {
    base::StopSignals signals;
    const KeptRun kept("by-arrival", std::uint64_t{2}, 5);
    Rank server(1);
    AgreedLegs legs = server.legs(kept, signals);
    CHECK_FALSE(legs.is_ending(3, 0));
    CHECK(legs.is_ending(4, 0));
    CHECK(legs.is_ending(4, 0));
    CHECK(server.script.said.empty());  // it tells by its answers
    CHECK_FALSE(legs.leave(2, 4));
    CHECK(legs.end(0) == LegEnd::keep);
    CHECK_FALSE(legs.is_ending(5, 0));
    std::raise(SIGUSR1);
    CHECK(legs.is_ending(5, 1));
    CHECK(legs.end(1) == LegEnd::stop);
}

TEST_CASE("rank 0 writes what all keep, and another process goes on from it") {
    base::StopSignals signals;
    KeptRun kept("sync-average", std::uint64_t{2}, 5);
    Rank second(1);
    {
        Rank done(0);  // what rank 0 tells when it has written
        comm::done_by_first(done.communicator, [] {});
        second.script.incoming[0] = done.script.sent[1];
        second.legs(kept, signals).keep(1, {{0.5, 4}, {std::byte{8}}});
        run::Checkpoints checkpoints = kept.checkpoints("real");
        Rank first(0);
        first.script.incoming[1] = second.script.sent[0];
        first.legs(kept, signals, &checkpoints).keep(0, {{0.5, 4}, {std::byte{7}}});
        CHECK(first.script.sent[1] == done.script.sent[1]);
    }
    REQUIRE(kept.newest());
    CHECK(kept.newest()->checkpoint.world == "real");
    CHECK(kept.newest()->checkpoint.ranks.size() == 2);
    CHECK(kept.newest()->checkpoint.together.empty());

    run::Checkpoints checkpoints = kept.checkpoints("real");
    Rank resumed(0);
    AgreedLegs legs = resumed.legs(kept, signals, &checkpoints);
    const auto own = legs.begin(0);
    REQUIRE(own);
    CHECK(own->bytes == std::vector{std::byte{7}});
    CHECK(own->steps == 4);
    CHECK(checkpoints.last() == nullptr);
    CHECK(legs.takes(4, 0.5));  // that date has passed
    CHECK_FALSE(legs.takes(8, 0.5));

    Rank other(1);
    other.script.others = {1};  // rank 0 has a checkpoint
    other.script.incoming[0] = resumed.script.sent[1];
    const auto sent = other.legs(kept, signals).begin(1);
    REQUIRE(sent);
    CHECK(sent->bytes == std::vector{std::byte{8}});
    CHECK(sent->elapsed_s == 0.5);
}

TEST_CASE("a run without a checkpoint begins, on all ranks") {
    base::StopSignals signals;
    const KeptRun kept("sync-average", std::uint64_t{2}, 5);
    for (const std::size_t rank : {0U, 1U}) {
        Rank one(rank);
        CHECK_FALSE(one.legs(kept, signals).begin(rank));
        CHECK(one.script.said == std::vector<int>{0});
    }
}

}  // namespace test_agreed_legs
