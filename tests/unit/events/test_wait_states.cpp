// How blocked time divides into waiting for a partner and transfer.
#include <vector>

#include "events/recorder.hpp"
#include "events/timeline.hpp"
#include "events/wait_states.hpp"
#include "temporary_run.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::events;

namespace {

void check(const WaitStates& states, double wait_s, double transfer_s) {
    CHECK(states.wait_s == wait_s);
    CHECK(states.transfer_s == transfer_s);
}

}  // namespace

TEST_CASE("a blocked interval divides where the partner began") {
    check(divide(2, 5, 6), 4, 1);
    check(divide(2, 5, 2), 0, 5);
    check(divide(2, 5, 7), 5, 0);
}

TEST_CASE("a partner from before makes none of it waiting, one from after all") {
    check(divide(2, 5, 1), 0, 5);
    check(divide(2, 5, 100), 5, 0);
}

TEST_CASE("nobody is waited for where the partner never began") {
    check(divide(2, 5, std::nullopt), 0, 5);
}

TEST_CASE("an interval that a coarse clock makes no longer than nothing is no waiting") {
    check(divide(2, 0, 3), 0, 0);
    check(divide(2, -1e-9, 3), 0, -1e-9);
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

/// The same rank's times, from memory at the end of a run and from its files.
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
