// A recorder sums events up and writes them where it has a file; off, it does neither.
#include "events/recorder.hpp"
#include "temporary_run.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::events;
using test::event;
using test::message;
using test::TemporaryRun;

namespace {

Event of_bytes(Event event, std::uint64_t bytes) {
    event.bytes = bytes;
    return event;
}

const ActivityTotal* find(const std::vector<ActivityRow>& rows, Activity activity, std::uint32_t peer) {
    for (const ActivityRow& row : rows)
        if (row.activity == activity && row.peer == peer) return &row.total;
    return nullptr;
}

}  // namespace

TEST_CASE("a recorder that is off keeps nothing") {
    const TemporaryRun run;
    Recorder recorder;
    recorder.add(event(Kind::compute, 0, 1));
    CHECK(recorder.totals().rows(0).empty());

    recorder.open(run.file(0));
    recorder.start({0, 1, 1, true, 0});
    recorder.stop();
    recorder.add(event(Kind::compute, 0, 1));
    recorder.flush();
    CHECK(recorder.totals().rows(0).empty());
    CHECK(read_events(run.file(0)).events.empty());
}

TEST_CASE("messages are numbered and kept by a recorder that is off, too") {
    Recorder recorder;
    CHECK(recorder.send_started(2, 1, 100) == 0);
    CHECK(recorder.send_started(2, 3, 40) == 1);
    CHECK(recorder.send_started(1, 4, 8) == 0);
    CHECK(recorder.receive_started(2, 5) == 0);
    recorder.blocked({5, 6, 2, 0, true});
    recorder.arrived(2, 0, 6, 300);
    recorder.hidden(0.5);
    const MessageLog& log = recorder.messages();
    CHECK(log.traffic().messages == 3);
    CHECK(log.traffic().bytes == 148);
    CHECK(log.complete());
    CHECK(log.peers().at(2).send_started_s == std::vector<double>{1, 3});
    CHECK(log.peers().at(2).receive_started_s == std::vector<double>{5});
    CHECK(log.peers().at(2).arrived_s == std::vector<double>{6});
    REQUIRE(log.intervals().size() == 1);
    CHECK(log.intervals().front().length_s() == 1);
    CHECK(log.hidden_s() == 0.5);
    CHECK(recorder.totals().rows(0).empty());

    recorder.blocked_in_library(6, 8);
    CHECK_FALSE(log.complete());
    CHECK(log.in_library_s() == 2);
    recorder.clear();
    CHECK((log.complete() && log.peers().empty() && log.traffic().messages == 0));
}

TEST_CASE("a message is one event of each kind, as the log has it") {
    const TemporaryRun run;
    Recorder recorder;
    recorder.open(run.file(0));
    recorder.start({0, 2, 2, true, 0});
    recorder.send_started(1, 2, 12);
    recorder.blocked({2, 3, 1, 0, false});
    recorder.receive_started(1, 4);
    recorder.blocked({4, 5, 1, 0, true});
    recorder.arrived(1, 0, 5, 16);
    recorder.blocked_in_library(6, 7);
    recorder.flush();
    const std::vector<Event> expected{of_bytes(message(Kind::send_started, 1, 0, 2), 12),
                                      message(Kind::blocked_sending, 1, 0, 2, 3),
                                      message(Kind::receive_started, 1, 0, 4),
                                      message(Kind::blocked_receiving, 1, 0, 4, 5),
                                      of_bytes(message(Kind::arrived, 1, 0, 5), 16),
                                      event(Kind::in_library, 6, 7)};
    CHECK(read_events(run.file(0)).events == expected);
}

TEST_CASE("every event carries the number of the step that its rank is in") {
    const TemporaryRun run;
    {
        Recorder recorder;
        recorder.open(run.file(0));
        recorder.start({0, 2, 2, true, 0});
        recorder.add(event(Kind::evaluate, 0));
        for (const std::uint64_t step : {5U, 6U}) {
            recorder.begin_round(step);
            recorder.add(event(Kind::compute, 0, 1));
            recorder.add(message(Kind::send_started, 1, 0, 1));
        }
    }
    std::vector<std::uint64_t> rounds;
    for (const Event& found : read_events(run.file(0)).events) rounds.push_back(found.round);
    CHECK(rounds == std::vector<std::uint64_t>{0, 5, 5, 6, 6});
}

TEST_CASE("the beginning of a file is on disk when recording starts") {
    const TemporaryRun run;
    Recorder recorder;
    recorder.open(run.file(0));
    recorder.start({0, 1, 1, false, 3}, event(Kind::clock, 2, 0.5));
    const RankEvents found = read_events(run.file(0));
    CHECK(found.header.start_s == 3);
    REQUIRE(found.events.size() == 1);
    CHECK(found.events.front().kind == Kind::clock);
}

TEST_CASE("what comes after the end is written although nothing else is") {
    const TemporaryRun run;
    Recorder recorder;
    recorder.open(run.file(0));
    recorder.start({0, 1, 1, false, 0});
    recorder.add(event(Kind::end, 3));
    recorder.stop();
    recorder.append(event(Kind::clock, 4, 0.5));
    recorder.flush();
    const RankEvents found = read_events(run.file(0));
    CHECK(found.complete);
    REQUIRE(found.events.size() == 2);
    CHECK(found.events.back().kind == Kind::clock);
}

TEST_CASE("sums: messages by partner, times by activity") {
    Recorder recorder;
    recorder.start({1, 3, 2, true, 0});
    recorder.add(event(Kind::compute, 0, 2));
    recorder.add(event(Kind::compute, 3, 3.5));
    recorder.add(event(Kind::in_library, 4, 5));
    recorder.add(of_bytes(message(Kind::send_started, 2, 0, 5), 100));
    recorder.add(of_bytes(message(Kind::send_started, 2, 1, 6), 40));
    recorder.add(of_bytes(message(Kind::send_started, 0, 0, 6), 8));
    recorder.add(message(Kind::receive_started, 2, 0, 6));
    recorder.add(of_bytes(message(Kind::arrived, 2, 0, 7), 300));
    recorder.add(message(Kind::blocked_receiving, 2, 0, 6, 7));  // divided later
    recorder.add(message(Kind::apply, 1, 0, 7));
    recorder.add(event(Kind::evaluate, 8));
    recorder.add(event(Kind::end, 9));
    const std::vector<ActivityRow> rows = recorder.totals().rows(1);
    CHECK(rows.size() == 7);
    for (const ActivityRow& row : rows) CHECK(row.rank == 1);
    const ActivityTotal* compute = find(rows, Activity::compute, no_peer);
    REQUIRE(compute != nullptr);
    CHECK(compute->number == 2);
    CHECK(compute->total_s == 2.5);
    const ActivityTotal* sent = find(rows, Activity::send, 2);
    REQUIRE(sent != nullptr);
    CHECK(sent->number == 2);
    CHECK(sent->bytes == 140);
    CHECK(sent->total_s == 0);
    CHECK(find(rows, Activity::send, 0)->bytes == 8);
    CHECK(find(rows, Activity::receive, 2)->bytes == 300);
    CHECK(find(rows, Activity::collective, no_peer)->total_s == 1);
    CHECK(find(rows, Activity::apply, 1)->number == 1);
    CHECK(find(rows, Activity::evaluate, no_peer)->number == 1);
    CHECK(find(rows, Activity::wait, 2) == nullptr);
}

TEST_CASE("sums of one rank are added up by activity and partner") {
    ActivityTotals first;
    first.add(Activity::send, 2, {3, 0, 30});
    ActivityTotals second;
    second.add(Activity::send, 2, {0, 1.5, 0});
    second.add(Activity::wait, 2, {1, 0.5, 0});
    first.add(second.rows(0));
    const std::vector<ActivityRow> rows = first.rows(0);
    REQUIRE(rows.size() == 2);
    CHECK(find(rows, Activity::send, 2)->number == 3);
    CHECK(find(rows, Activity::send, 2)->total_s == 1.5);
    CHECK(find(rows, Activity::send, 2)->bytes == 30);
    CHECK(find(rows, Activity::wait, 2)->total_s == 0.5);
}
