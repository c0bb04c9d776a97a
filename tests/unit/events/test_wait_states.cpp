// How blocked time divides into waiting for a partner and transfer.
#include <algorithm>
#include <optional>
#include <vector>

#include "events/recorder.hpp"
#include "events/timeline.hpp"
#include "events/wait_states.hpp"
#include "temporary_run.hpp"
#include "tests/support/catch.hpp"

namespace test_wait_states {

using namespace lockstep;
using namespace lockstep::events;

namespace {

using enum Activity;

void check(const WaitStates& states, double wait_s, double transfer_s) {
    CHECK(states.wait_s == wait_s);
    CHECK(states.transfer_s == transfer_s);
}

struct Part {
    Activity activity;
    double until_s;
};

/// The parts follow on one another from `begin_s` on.
void check(const std::vector<BlockedPart>& parts, double begin_s, const std::vector<Part>& expected) {
    REQUIRE(parts.size() == expected.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CHECK(parts[i].activity == expected[i].activity);
        CHECK(parts[i].begin_s == begin_s);
        CHECK(parts[i].end_s == expected[i].until_s);
        begin_s = parts[i].end_s;
    }
}

const MessageTimes nothing;

MessageTimes sent(double sent_s) {
    return {sent_s, std::nullopt};
}

/// A receiver that has its eye on the message all the time.
MessageTimes sent_and_seen(double sent_s, double began_s, double came_s) {
    return {sent_s, Reception{began_s, began_s, began_s, came_s}};
}

}  // namespace

TEST_CASE("what a receiver saw of a message: when it turned away, looked again and found it") {
    const std::vector<MessageLog::Blocked> blocked{{2, 5, 1, 0, true}, {7, 9, 1, 0, true}};
    const auto check_seen = [&](double began_s, double came_s, double left_s, double looked_s) {
        const Reception seen = reception(began_s, came_s, blocked);
        CAPTURE(began_s, came_s);
        CHECK(seen.began_s == began_s);
        CHECK(seen.left_s == left_s);
        CHECK(seen.looked_s == looked_s);
        CHECK(seen.came_s == came_s);
    };
    check_seen(1, 9, 5, 7);
    check_seen(1, 8, 5, 7);  // and the rank went on waiting for another one
    check_seen(1, 4, 1, 2);
    check_seen(1, 6, 5, 6);
    check_seen(1, 12, 9, 12);
    check_seen(6, 8, 6, 7);
    check_seen(7, 9, 7, 7);
    check_seen(8, 9, 8, 8);  // a receive that is started while its rank is blocked for another one
    const Reception alone = reception(1, 4, {});
    CHECK((alone.left_s == 1 && alone.looked_s == 4));
}

TEST_CASE("a blocked receive divides where the sender began") {
    check(divide(2, 5, true, sent(6), nothing), 2, {{wait, 6}, {receive, 7}});
    check(divide(2, 5, true, sent(2), nothing), 2, {{receive, 7}});
    check(divide(2, 5, true, sent(7), nothing), 2, {{wait, 7}});
}

TEST_CASE("a partner from before makes none of it waiting, one from after all") {
    check(divide(2, 5, true, sent(1), nothing), 2, {{receive, 7}});
    check(divide(2, 5, true, sent(100), nothing), 2, {{wait, 7}});
    check(divide(2, 5, false, sent_and_seen(2, 1, 7), nothing), 2, {{send, 7}});
    check(divide(2, 5, false, sent_and_seen(2, 100, 101), nothing), 2, {{wait, 7}});
}

TEST_CASE("nobody is waited for where the partner never began") {
    check(divide(2, 5, true, nothing, nothing), 2, {{receive, 7}});
    check(divide(2, 5, false, sent(2), nothing), 2, {{send, 7}});
}

TEST_CASE("an interval that a coarse clock makes no longer than nothing has no parts") {
    CHECK(divide(2, 0, true, sent(3), nothing).empty());
    CHECK(divide(2, -1e-9, true, sent(3), nothing).empty());
}

TEST_CASE("before a late reply the rank's own message is on its way, then the partner is waited for") {
    const MessageTimes reply = sent(6);
    check(divide(2, 5, true, reply, sent_and_seen(1, 0, 3)), 2, {{send, 3}, {wait, 6}, {receive, 7}});
    check(divide(2, 5, true, reply, sent_and_seen(1, 0, 1.5)), 2, {{wait, 6}, {receive, 7}});
    // The partner has begun to receive late, too; what it sends first does not hang on our message.
    check(divide(2, 5, true, reply, sent_and_seen(1, 4, 5)), 2,
          {{wait, 4}, {send, 5}, {wait, 6}, {receive, 7}});
    check(divide(2, 5, true, reply, sent_and_seen(2, 6, 9)), 2, {{wait, 6}, {receive, 7}});
    check(divide(2, 5, true, reply, sent(1)), 2, {{wait, 6}, {receive, 7}});
    MessageTimes never_there{1, Reception{.began_s = 0}};
    check(divide(2, 5, true, reply, never_there), 2, {{send, 6}, {receive, 7}});
}

TEST_CASE("a receiver that did other things before it looked again was waited for meanwhile") {
    const MessageTimes unseen{1, Reception{0, 3, 5, 5.5}};  // turned away at 3, looked at 5
    check(divide(2, 5, false, unseen, nothing), 2, {{send, 3}, {wait, 5}, {send, 7}});
    check(divide(2, 5, true, sent(6), unseen), 2,
          {{send, 3}, {wait, 5}, {send, 5.5}, {wait, 6}, {receive, 7}});
    const MessageTimes found{4, Reception{0, 3, 5, 5}};  // sent in between, there when it looked
    check(divide(4, 3, true, sent(6), found), 4, {{wait, 6}, {receive, 7}});
}

/// A worker's push takes 2 s, the server's work 3 s and the reply 1 s. The library keeps the worker in its
/// send until the push is there, or for a moment only.
TEST_CASE("a request and its reply divide alike however long the library keeps the sender") {
    const double sent_until_s = GENERATE(10.0, 10.5, 12.0);
    Recorder worker;
    Recorder server;
    server.receive_started(0, 1);
    worker.send_started(1, 10, 8);
    worker.blocked({10, sent_until_s, 1, 0, false});
    worker.receive_started(1, sent_until_s);
    server.blocked({2, 12, 0, 0, true});
    server.arrived(0, 0, 12, 8);
    server.send_started(0, 15, 8);
    worker.blocked({sent_until_s, 16, 1, 0, true});
    worker.arrived(1, 0, 16, 8);
    const std::vector<const MessageLog*> logs{&worker.messages(), &server.messages()};
    ActivityTotals by_partner;
    check(resolve_wait_states(0, logs, &by_partner), 3, 2 + 1);
    const std::vector<ActivityRow> rows = by_partner.rows(0);
    REQUIRE(rows.size() == 3);
    CHECK((rows[0].activity == send && rows[0].total.total_s == 2));
    CHECK((rows[1].activity == receive && rows[1].total.total_s == 1));
    CHECK((rows[2].activity == wait && rows[2].total.total_s == 3 && rows[2].total.number == 1));
    check(resolve_wait_states(1, logs), 8, 2);
}

TEST_CASE("logs of all ranks resolve each other") {
    Recorder sender;
    Recorder receiver;
    CHECK(receiver.receive_started(0, 2) == 0);
    CHECK(sender.send_started(1, 6, 400) == 0);
    sender.blocked({6, 7, 1, 0, false});
    receiver.blocked({2, 7, 0, 0, true});
    receiver.arrived(0, 0, 7, 400);
    CHECK(sender.send_started(1, 8, 400) == 1);  // eager: its receive never starts
    sender.blocked({8, 9, 1, 1, false});
    receiver.blocked_in_library(10, 13);
    const std::vector<const MessageLog*> logs{&sender.messages(), &receiver.messages()};
    ActivityTotals by_partner;
    check(resolve_wait_states(0, logs), 0, 2);
    check(resolve_wait_states(1, logs, &by_partner), 4, 1 + 3);
    const std::vector<ActivityRow> rows = by_partner.rows(1);
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].activity == Activity::receive && rows[0].peer == 0 && rows[0].total.total_s == 1));
    CHECK((rows[1].activity == Activity::wait && rows[1].total.number == 1 && rows[1].total.total_s == 4));
}

/// As a log from a file can be. Nobody has told when a partner began, so nobody was waited for.
TEST_CASE("a time blocked by a partner of whose messages the log has none is transfer") {
    MessageLog log;
    log.blocked({2, 7, 3, 0, true});
    log.blocked({8, 9, 3, 0, false});
    const std::vector<const MessageLog*> logs{&log};
    ActivityTotals by_partner;
    check(resolve_wait_states(0, logs, &by_partner), 0, 5 + 1);
    const std::vector<ActivityRow> rows = by_partner.rows(0);
    REQUIRE(rows.size() == 2);
    for (const ActivityRow& row : rows) CHECK(row.peer == 3);
}

/// The same rank's times, from memory at the end of a run and from its files.
void check_alike(const test::TemporaryRun& run, std::vector<Recorder>& ranks) {
    for (Recorder& rank : ranks) rank.flush();
    const std::vector<const MessageLog*> logs{&ranks[0].messages(), &ranks[1].messages()};
    const Timeline timeline = make_timeline(read_run_events(run.path));
    for (std::size_t rank = 0; rank < 2; ++rank) {
        WaitStates drawn;
        for (const Span& span : timeline.tracks[rank].spans)
            (span.activity == Activity::wait ? drawn.wait_s : drawn.transfer_s) += span.duration_s();
        const WaitStates resolved = resolve_wait_states(rank, logs);
        CHECK(drawn.wait_s == Approx(resolved.wait_s).margin(1e-12));
        CHECK(drawn.transfer_s == Approx(resolved.transfer_s).margin(1e-12));
    }
}

TEST_CASE("logs and files divide alike") {
    const test::TemporaryRun run;
    std::vector<Recorder> ranks(2);
    for (std::size_t rank = 0; rank < 2; ++rank) {
        ranks[rank].open(run.file(rank));
        ranks[rank].start({rank, 2, 2, true, 0});
    }
    for (std::size_t k = 0; k < 3; ++k) {
        const auto now_s = 10 * static_cast<double>(k);
        const double late_s = 1.7 * static_cast<double>(k);
        ranks[0].send_started(1, now_s + late_s, 8);
        ranks[1].receive_started(0, now_s + 2);
        ranks[0].blocked({now_s + late_s, now_s + 5.3, 1, k, false});
        ranks[1].blocked({now_s + 2, now_s + 5.3, 0, k, true});
        ranks[1].arrived(0, k, now_s + 5.3, 8);
    }
    check_alike(run, ranks);
}

/// Requests that take 1 s, and 0.1 s more each time; the server does 4 s of other things after each second
/// reply.
TEST_CASE("logs and files of requests and replies divide alike") {
    const test::TemporaryRun run;
    std::vector<Recorder> ranks(2);
    for (std::size_t rank = 0; rank < 2; ++rank) {
        ranks[rank].open(run.file(rank));
        ranks[rank].start({rank, 2, 1, true, 0});
    }
    double now_s = 0;
    for (std::size_t k = 0; k < 6; ++k) {
        const double left_s = now_s;
        const double there_s = now_s + 1 + 0.1 * static_cast<double>(k);
        const double looked_s = k % 2 == 0 ? left_s + 0.2 : left_s + 4;
        const double seen_s = std::max(there_s, looked_s);
        ranks[1].receive_started(0, left_s);
        ranks[0].send_started(1, now_s, 8);
        ranks[0].blocked({now_s, now_s + 0.3, 1, k, false});
        ranks[0].receive_started(1, now_s + 0.3);
        ranks[1].arrived(0, k, seen_s, 8);
        ranks[1].blocked({looked_s, seen_s, 0, k, true});
        ranks[1].send_started(0, seen_s + 0.7, 8);
        now_s = seen_s + 2;
        ranks[0].blocked({left_s + 0.3, now_s, 1, k, true});
        ranks[0].arrived(1, k, now_s, 8);
    }
    check_alike(run, ranks);
    const std::vector<const MessageLog*> logs{&ranks[0].messages(), &ranks[1].messages()};
    // Seen to come: 0.2 s in which the server did other things, and its 0.7 s; else found when it looked.
    CHECK(resolve_wait_states(0, logs).wait_s == Approx(3 * (0.2 + 0.7) + 3 * (4 + 0.7)));
}

}  // namespace test_wait_states
