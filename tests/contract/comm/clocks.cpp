// One clock for all ranks, and where blocked time went. Exact figures for simulated time are in
// tests/simulation.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "backend/backend.hpp"
#include "comm/clock_alignment.hpp"
#include "comm/wait_states.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/gathering.hpp"

namespace lockstep::contract {
namespace {

constexpr double clock_error_s = 5e-3;  // far above half a round trip, far below what is measured

double machine_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What the machine's clock, one for all processes, says when this rank's says 0: of many readings the
/// tightest counts.
double origin_s(const Communicator& communicator) {
    double tightest_s = std::numeric_limits<double>::infinity();
    double origin = 0;
    for (int reading = 0; reading < 20; ++reading) {
        const double before_s = machine_clock_s();
        const double local_s = communicator.now_s();
        const double gap_s = machine_clock_s() - before_s;
        if (gap_s >= tightest_s) continue;
        tightest_s = gap_s;
        origin = before_s + gap_s / 2 - local_s;
    }
    return origin;
}

void clocks_are_aligned_to_rank_0(Communicator& communicator, Findings& findings) {
    if (backend::time_is_simulated()) return;
    events::Clock clock;
    clock.add(comm::compare_clocks(communicator));
    clock.add(comm::compare_clocks(communicator));
    const double origin = origin_s(communicator);
    const auto origins = support::gather_from_all(communicator, {origin});
    for (const double local_s : {0.0, 1.0, 100.0}) {
        const double error_s = clock.to_rank_0_s(local_s) - (local_s + origin - origins[0][0]);
        findings.expect(std::abs(error_s) < clock_error_s, "{} s is off by {} s", local_s, error_s);
    }
}

/// Rank 1 receives from rank 0, twice: first the sender comes late, then the receiver.
void exchange_late(Communicator& communicator) {
    std::vector<float> vector(100);
    communicator.barrier();
    communicator.log().clear();
    if (communicator.rank() == 0) spend_time(communicator, 20e-3);
    if (communicator.rank() == 0) communicator.send(vector, 1);
    if (communicator.rank() == 1) communicator.receive(vector, 0);
    if (communicator.rank() == 1) spend_time(communicator, 20e-3);
    if (communicator.rank() == 0) communicator.send(vector, 1);
    if (communicator.rank() == 1) communicator.receive(vector, 0);
}

double blocked_s(const Communicator& communicator) {
    double sum_s = 0;
    for (const auto& interval : communicator.log().messages().intervals()) sum_s += interval.length_s();
    return sum_s;
}

/// What rank 1 waited for a late sender, by the raw logs of both sides.
double expected_wait_s(const std::vector<std::vector<double>>& starts, const Communicator& receiver,
                       const events::Clock& clock) {
    double wait_s = 0;
    const auto& intervals = receiver.log().messages().intervals();
    for (std::size_t k = 0; k < intervals.size(); ++k) {
        const auto& interval = intervals[k];
        const double length_s = interval.end_s - interval.begin_s;
        wait_s += std::clamp(starts[0][k] - clock.to_rank_0_s(interval.begin_s), 0.0, length_s);
    }
    return wait_s;
}

void blocked_time_is_split_where_the_partner_came(Communicator& communicator, Findings& findings) {
    events::Clock clock;
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
    exchange_late(communicator);
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
    const events::WaitStates states = comm::resolve_wait_states(communicator, clock);

    findings.expect(states.wait_s >= 0 && states.transfer_s >= 0, "wait {} s, transfer {} s", states.wait_s,
                    states.transfer_s);
    const double blocked = blocked_s(communicator);
    findings.expect(std::abs(states.wait_s + states.transfer_s - blocked) < 1e-9,
                    "wait {} + transfer {} s, blocked {} s", states.wait_s, states.transfer_s, blocked);

    std::vector<double> sends;
    if (communicator.rank() == 0) sends = communicator.log().messages().peers().at(1).send_started_s;
    const auto starts = support::gather_from_all(communicator, sends);
    if (communicator.rank() != 1) return;
    const double expected_s = expected_wait_s(starts, communicator, clock);
    findings.expect(std::abs(states.wait_s - expected_s) < 1e-9, "receiver waited {} s, expected {} s",
                    states.wait_s, expected_s);
}

/// By each rank's own log, on rank 0's clock: rank 0's request and the reply to it.
struct Served {
    double sent_s = 0;
    double looked_s = 0;  ///< when rank 1 began to wait for it
    double came_s = 0;
    double replied_s = 0;
};

/// Rank 0 asks, rank 1 works for 20 ms and answers.
Served serve_once(Communicator& communicator, const events::Clock& clock) {
    std::vector<float> vector(50000);
    communicator.log().clear();
    comm::Request request;
    if (communicator.rank() == 1) request = communicator.start_receive(vector, 0);
    communicator.barrier();
    if (communicator.rank() == 0) {
        spend_time(communicator, 5e-3);
        communicator.send(vector, 1);
        communicator.receive(vector, 1);
    } else if (communicator.rank() == 1) {
        communicator.wait(request);
        spend_time(communicator, 20e-3);
        communicator.send(vector, 0);
    }
    const events::MessageLog& log = communicator.log().messages();
    Served served;
    if (communicator.rank() == 0) served.sent_s = log.peers().at(1).send_started_s.at(0);
    if (communicator.rank() == 1)
        served = {0, log.intervals().at(0).begin_s, log.peers().at(0).arrived_s.at(0),
                  log.peers().at(0).send_started_s.at(0)};
    for (double* time_s : {&served.sent_s, &served.looked_s, &served.came_s, &served.replied_s})
        *time_s = clock.to_rank_0_s(*time_s);
    return served;
}

/// However early the library lets rank 0 go on after its send.
void what_a_server_works_is_waiting_and_the_ways_are_transfer(Communicator& communicator,
                                                              Findings& findings) {
    events::Clock clock;
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
    const Served served = serve_once(communicator, clock);
    const events::WaitStates states = comm::resolve_wait_states(communicator, clock);
    const auto times = support::gather_from_all(
        communicator, {served.sent_s, served.looked_s, served.came_s, served.replied_s});
    if (communicator.rank() != 0) return;
    const double work_s = times[1][3] - times[1][2];
    const double late_s = std::max(0.0, times[1][1] - times[0][0]);  // a busy machine has kept rank 1
    const double asked_s =
        communicator.log().messages().intervals().at(1).begin_s;  // it was in its send before
    const double in_send_s = std::max(0.0, clock.to_rank_0_s(asked_s) - times[1][2]);
    findings.expect(work_s >= 20e-3, "the server worked for {} s", work_s);
    findings.expect(states.wait_s > work_s - in_send_s - 1e-9 && states.wait_s < work_s + late_s + 1e-9,
                    "waited {} s for {} s of work, of which it was {} s in its send, and {} s before it",
                    states.wait_s, work_s, in_send_s, late_s);
    const double blocked = blocked_s(communicator);
    findings.expect(std::abs(states.wait_s + states.transfer_s - blocked) < 1e-9,
                    "wait {} + transfer {} s, blocked {} s", states.wait_s, states.transfer_s, blocked);
}

}  // namespace

std::vector<Case> clock_cases() {
    return {{"clocks are aligned to rank 0", clocks_are_aligned_to_rank_0},
            {"blocked time is split where the partner came", blocked_time_is_split_where_the_partner_came, 2},
            {"what a server works is waiting, the ways are transfer",
             what_a_server_works_is_waiting_and_the_ways_are_transfer, 2}};
}

}  // namespace lockstep::contract
