// Spans and messages from hand-made events: late partners, eager messages, clocks that drift.
#include <algorithm>
#include <vector>

#include "events/timeline.hpp"
#include "temporary_run.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::events;
using lockstep::test::event;
using lockstep::test::message;

namespace {

RankEvents rank(std::size_t number, std::size_t ranks, double start_s, std::vector<Event> all) {
    return {{number, ranks, ranks, true, start_s}, std::move(all), true};
}

Event sent(std::uint32_t peer, std::uint64_t sequence, double at_s, std::uint64_t bytes) {
    Event event = message(Kind::send_started, peer, sequence, at_s);
    event.bytes = bytes;
    return event;
}

Event clock_reading(double at_s, double offset_s, std::uint64_t uncertainty_ns) {
    Event event = lockstep::test::event(Kind::clock, at_s, offset_s);
    event.sequence = uncertainty_ns;
    return event;
}

void check(const Span& span, Activity activity, double begin_s, double end_s) {
    CHECK(span.activity == activity);
    CHECK(span.begin_s == Approx(begin_s).margin(1e-12));
    CHECK(span.end_s == Approx(end_s).margin(1e-12));
}

}  // namespace

TEST_CASE("a late sender: waiting until it starts, then receiving") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 10,
             {message(Kind::receive_started, 1, 0, 12), message(Kind::arrived, 1, 0, 17),
              message(Kind::blocked_receiving, 1, 0, 12, 17)}),
        rank(1, 2, 10, {sent(0, 0, 16, 400), message(Kind::blocked_sending, 0, 0, 16, 17)})};
    const Timeline timeline = make_timeline(ranks);
    CHECK(timeline.simulated);
    REQUIRE(timeline.tracks.size() == 2);
    const std::vector<Span>& spans = timeline.tracks[0].spans;
    REQUIRE(spans.size() == 2);
    check(spans[0], Activity::wait, 2, 6);
    check(spans[1], Activity::receive, 6, 7);
    CHECK(spans[0].peer == 1);
    CHECK(spans[1].bytes == 400);
    REQUIRE(timeline.tracks[1].spans.size() == 1);
    check(timeline.tracks[1].spans[0], Activity::send, 6, 7);
    REQUIRE(timeline.messages.size() == 1);
    const Message& only = timeline.messages[0];
    CHECK((only.from == 1 && only.to == 0 && only.bytes == 400 && only.arrived));
    CHECK(only.sent_s == 6);
    CHECK(only.arrived_s == 7);
}

TEST_CASE("a late receiver: the sender waits until it starts") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 0, {sent(1, 0, 1, 8), message(Kind::blocked_sending, 1, 0, 1, 6)}),
        rank(1, 2, 0,
             {event(Kind::compute, 0, 4), message(Kind::receive_started, 0, 0, 4),
              message(Kind::blocked_receiving, 0, 0, 4, 6), message(Kind::arrived, 0, 0, 6)})};
    const Timeline timeline = make_timeline(ranks);
    REQUIRE(timeline.tracks[0].spans.size() == 2);
    check(timeline.tracks[0].spans[0], Activity::wait, 1, 4);
    check(timeline.tracks[0].spans[1], Activity::send, 4, 6);
    REQUIRE(timeline.tracks[1].spans.size() == 2);
    check(timeline.tracks[1].spans[0], Activity::compute, 0, 4);
    check(timeline.tracks[1].spans[1], Activity::receive, 4, 6);
}

TEST_CASE("a request on its way, a server that works, a reply on its way") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 0,
             {sent(1, 0, 1, 40), message(Kind::blocked_sending, 1, 0, 1, 2),
              message(Kind::receive_started, 1, 0, 2), message(Kind::blocked_receiving, 1, 0, 2, 9),
              message(Kind::arrived, 1, 0, 9)}),
        rank(1, 2, 0,
             {message(Kind::receive_started, 0, 0, 0), message(Kind::arrived, 0, 0, 4),
              message(Kind::blocked_receiving, 0, 0, 0, 4), event(Kind::compute, 4, 7), sent(0, 0, 7, 400)})};
    const std::vector<Span> spans = make_timeline(ranks).tracks[0].spans;
    REQUIRE(spans.size() == 4);
    check(spans[0], Activity::send, 1, 2);
    check(spans[1], Activity::send, 2, 4);
    check(spans[2], Activity::wait, 4, 7);
    check(spans[3], Activity::receive, 7, 9);
    CHECK(spans[1].bytes == 40);
    CHECK(spans[3].bytes == 400);
}

TEST_CASE("a partner that starts after the end makes all of it waiting, one from before none") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 0,
             {message(Kind::receive_started, 1, 0, 0), message(Kind::blocked_receiving, 1, 0, 3, 5),
              message(Kind::receive_started, 1, 1, 5), message(Kind::blocked_receiving, 1, 1, 5, 7)}),
        rank(1, 2, 0, {sent(0, 0, 1, 4), sent(0, 1, 7.25, 4)})};  // clocks of real ranks agree roughly
    const std::vector<Span> spans = make_timeline(ranks).tracks[0].spans;
    REQUIRE(spans.size() == 2);
    check(spans[0], Activity::receive, 3, 5);
    check(spans[1], Activity::wait, 5, 7);
}

TEST_CASE("an eager message that nobody has waited for is transfer, and has not arrived") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 0, {sent(1, 0, 1, 12), message(Kind::blocked_sending, 1, 0, 1, 2)}), rank(1, 2, 0, {})};
    const Timeline timeline = make_timeline(ranks);
    REQUIRE(timeline.tracks[0].spans.size() == 1);
    check(timeline.tracks[0].spans[0], Activity::send, 1, 2);
    CHECK(timeline.tracks[1].spans.empty());
    REQUIRE(timeline.messages.size() == 1);
    CHECK_FALSE(timeline.messages[0].arrived);
}

TEST_CASE("messages of a pair are told apart by their number") {
    const std::vector<RankEvents> ranks{
        rank(0, 2, 0, {sent(1, 0, 0, 10), sent(1, 1, 3, 20)}),
        rank(1, 2, 0,
             {message(Kind::receive_started, 0, 0, 0), message(Kind::receive_started, 0, 1, 0),
              message(Kind::arrived, 0, 1, 4), message(Kind::blocked_receiving, 0, 1, 0, 4),
              message(Kind::arrived, 0, 0, 5), message(Kind::blocked_receiving, 0, 0, 4, 5)})};
    const Timeline timeline = make_timeline(ranks);
    const std::vector<Span>& spans = timeline.tracks[1].spans;
    REQUIRE(spans.size() == 3);
    check(spans[0], Activity::wait, 0, 3);
    check(spans[1], Activity::receive, 3, 4);
    CHECK(spans[1].bytes == 20);
    check(spans[2], Activity::receive, 4, 5);
    CHECK(spans[2].bytes == 10);
    REQUIRE(timeline.messages.size() == 2);
    CHECK(timeline.messages[0].arrived_s == 5);
    CHECK(timeline.messages[1].arrived_s == 4);
}

TEST_CASE("a drifting clock is corrected at its ends and in between, lengths are the rank's own") {
    // Rank 1's clock starts 100 s behind rank 0's and loses 1 s in 100 s.
    std::vector<RankEvents> ranks{
        rank(0, 2, 1000, {clock_reading(1000, 0, 0), event(Kind::end, 1100), clock_reading(1100, 0, 0)}),
        rank(1, 2, 900,
             {clock_reading(900, 100, 2000), event(Kind::compute, 900, 910), event(Kind::compute, 949.5, 950),
              event(Kind::end, 999), clock_reading(999, 101, 700)})};
    const Timeline timeline = make_timeline(ranks);
    const std::vector<Span>& spans = timeline.tracks[1].spans;
    REQUIRE(spans.size() == 2);
    check(spans[0], Activity::compute, 0, 10);
    check(spans[1], Activity::compute, 50, 50.5);
    CHECK(timeline.tracks[1].end_s == Approx(100).epsilon(1e-12));
    CHECK(timeline.clocks.uncertainty_s == Approx(2e-6).epsilon(1e-12));
    CHECK(timeline.clocks.without_end == 0);

    ranks[1]
        .events.pop_back();  // killed before its clock was measured again: the offset is that of the start
    const Timeline killed = make_timeline(ranks);
    CHECK(killed.tracks[1].end_s == Approx(99).epsilon(1e-12));
    CHECK(killed.clocks.without_end == 1);
    CHECK_THAT(text_of(killed.clocks),
               Catch::Matchers::ContainsSubstring("within 2 us of rank 0's") &&
                   Catch::Matchers::ContainsSubstring("One was measured at the start alone"));
}

TEST_CASE("a clock that is off shows in messages that seem to arrive before they were sent") {
    // Both ranks read the same time; rank 1's file says that it is 3 ms behind, so that all it does seems
    // later.
    std::vector<RankEvents> ranks{
        rank(0, 2, 10,
             {clock_reading(10, 0, 0), message(Kind::arrived, 1, 0, 12.001),
              message(Kind::arrived, 1, 1, 13.002), message(Kind::arrived, 1, 2, 14.004), sent(1, 0, 15, 8)}),
        rank(1, 2, 10,
             {clock_reading(10, 0.003, 1000), sent(0, 0, 12, 8), sent(0, 1, 13, 8), sent(0, 2, 14, 8),
              message(Kind::arrived, 0, 0, 15.001)})};
    for (RankEvents& each : ranks) each.header.simulated = false;
    const Timeline timeline = make_timeline(ranks);
    CHECK(timeline.clocks.too_early == 2);
    CHECK(timeline.clocks.largest_too_early_s == Approx(0.002).epsilon(1e-9));
    CHECK_THAT(
        text_of(timeline.clocks),
        Catch::Matchers::ContainsSubstring("2 messages seem to arrive before they were sent, by up to 2 ms"));
    for (const Message& each : timeline.messages) CHECK(each.arrived_s >= each.sent_s);

    ranks[1].events.front().end_s = 0;
    const ClockQuality right = make_timeline(ranks).clocks;
    CHECK(right.too_early == 0);
    CHECK(right.largest_too_early_s == 0);
    CHECK_THAT(text_of(right),
               Catch::Matchers::ContainsSubstring("No message seems to arrive before it was sent"));
}

TEST_CASE("updates and evaluations are moments, with what they are about") {
    Event update = message(Kind::apply, 2, 0, 3);
    update.version = 17;
    update.staleness = 4;
    const std::vector<RankEvents> ranks{rank(0, 3, 1, {event(Kind::evaluate, 1), update}), rank(1, 3, 1, {}),
                                        rank(2, 3, 1, {})};
    const std::vector<Span> spans = make_timeline(ranks).tracks[0].spans;
    REQUIRE(spans.size() == 2);
    check(spans[0], Activity::evaluate, 0, 0);
    check(spans[1], Activity::apply, 2, 2);
    CHECK((spans[1].peer == 2 && spans[1].version == 17 && spans[1].staleness == 4));
}

TEST_CASE("tracks tell servers, and whether a rank came to its end") {
    RankEvents worker = rank(0, 2, 0, {event(Kind::in_library, 1, 2)});
    worker.complete = false;
    RankEvents server = rank(1, 2, 0, {event(Kind::end, 5)});
    for (RankEvents* each : {&worker, &server}) each->header.workers = 1;
    const Timeline timeline = make_timeline(std::vector{worker, server});
    CHECK_FALSE(timeline.tracks[0].is_server);
    CHECK_FALSE(timeline.tracks[0].complete);
    CHECK(timeline.tracks[0].end_s == 2);
    check(timeline.tracks[0].spans.at(0), Activity::collective, 1, 2);
    CHECK(timeline.tracks[1].is_server);
    CHECK(timeline.tracks[1].complete);
    CHECK(timeline.tracks[1].end_s == 5);
}

TEST_CASE("a message of a number that nothing can lead to is passed over") {
    std::vector<Event> events;
    for (std::uint32_t peer = 1; peer < 1000; ++peer) events.push_back(sent(peer, 900, 1, 4));
    CHECK(make_timeline(std::vector{rank(0, 1000, 0, events)}).messages.empty());
}
