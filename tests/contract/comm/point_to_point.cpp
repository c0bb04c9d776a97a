// Messages of float32 vectors between two ranks: what arrives, in which order, and that it is counted.
#include "backend/backend.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/gathering.hpp"

namespace lockstep::contract {
namespace {

using Vector = std::vector<float>;

/// A vector that only this sender sends, and only as its k-th message.
Vector letter(std::size_t sender, std::size_t k, std::size_t size) {
    Vector values(size);
    for (std::size_t i = 0; i < size; ++i)
        values[i] = static_cast<float>(1000 * sender + 100 * k + i % 100) + 0.25F;
    return values;
}

void messages_keep_their_order(Communicator& communicator, Findings& findings) {
    constexpr std::size_t sizes[] = {3, 0, 1, 40000, 2};
    for (std::size_t k = 0; k < std::size(sizes); ++k) {
        if (communicator.rank() == 0) communicator.send(letter(0, k, sizes[k]), 1);
        if (communicator.rank() != 1) continue;
        Vector got(sizes[k], -1.0F);
        communicator.receive(got, 0);
        findings.expect(same_bits(got, letter(0, k, sizes[k])), "message {}: got {}", k, show(got));
    }
}

void everybody_sends_right_and_receives_left(Communicator& communicator, Findings& findings) {
    const std::size_t size = communicator.size();
    const std::size_t right = (communicator.rank() + 1) % size;
    const std::size_t left = (communicator.rank() + size - 1) % size;
    for (const std::size_t length : std::vector<std::size_t>{0, 1, 5, 100000}) {
        Vector got(length, -1.0F);
        communicator.send_receive(letter(communicator.rank(), 0, length), right, got, left);
        findings.expect(same_bits(got, letter(left, 0, length)), "length {} from rank {}: {}", length, left,
                        show(got));
    }
}

void started_messages_arrive_while_others_are_served(Communicator& communicator, Findings& findings) {
    const std::size_t size = communicator.size();
    const Vector mine = letter(communicator.rank(), 0, 7);
    std::vector<Vector> got(size, Vector(7));
    std::vector<comm::Request> sends(size);
    std::vector<comm::Request> receives(size);
    for (std::size_t peer = 0; peer < size; ++peer) {
        if (peer == communicator.rank()) continue;
        receives[peer] = communicator.start_receive(got[peer], peer);
        sends[peer] = communicator.start_send(mine, peer);
        findings.expect(receives[peer].active() && sends[peer].active(), "a started request is not active");
    }
    for (std::size_t peer = size; peer-- > 0;) {
        communicator.wait(receives[peer]);
        communicator.wait(sends[peer]);
        findings.expect(!receives[peer].active() && !sends[peer].active(),
                        "a finished request is still active");
        if (peer != communicator.rank())
            findings.expect(same_bits(got[peer], letter(peer, 0, 7)), "from {}: {}", peer, show(got[peer]));
    }
}

void waiting_for_an_inactive_request_returns_at_once(Communicator& communicator, Findings& findings) {
    comm::Request nothing;
    communicator.wait(nothing);
    findings.expect(!nothing.active(), "an empty request became active");
    findings.expect(communicator.log().messages().intervals().empty(), "an empty request was logged");
}

/// Rank 0 waits for all others, and allows each to send only after the one before has been served, highest
/// rank first: the order of arrival is certain, and the reverse of the order of the requests.
void wait_any_follows_the_order_of_arrival(Communicator& communicator, Findings& findings) {
    Vector permission(1);
    if (communicator.rank() != 0) {
        communicator.receive(permission, 0);
        communicator.send(letter(communicator.rank(), 1, 9), 0);
        return;
    }
    std::vector<Vector> got(communicator.size(), Vector(9));
    std::vector<comm::Request> arrivals(communicator.size());  // the one of rank 0 itself stays inactive
    for (std::size_t peer = 1; peer < communicator.size(); ++peer)
        arrivals[peer] = communicator.start_receive(got[peer], peer);
    for (std::size_t peer = communicator.size(); --peer > 0;) {
        communicator.send(permission, peer);
        const std::size_t served = communicator.wait_any(arrivals);
        findings.expect(served == peer, "served request {}, the message came from {}", served, peer);
        findings.expect(!arrivals[served].active(), "request {} is still active", served);
        findings.expect(same_bits(got[peer], letter(peer, 1, 9)), "from {}: {}", peer, show(got[peer]));
    }
}

/// Rank 0 waits for rank 1, which sends after the last rank. Of that it is noted when its message came (a
/// real rank may see both at one look), and the message stays there for who asks for it.
void others_are_noted_while_one_is_waited_for(Communicator& communicator, Findings& findings) {
    const std::size_t last = communicator.size() - 1;
    Vector permission(1);
    if (communicator.rank() != 0) {
        if (communicator.rank() == 1) communicator.receive(permission, last);
        communicator.send(letter(communicator.rank(), 2, 9), 0);
        if (communicator.rank() == last) communicator.send(permission, 1);
        return;
    }
    std::vector<Vector> got(communicator.size(), Vector(9));
    std::vector<comm::Request> arrivals(communicator.size());
    for (std::size_t peer = 1; peer <= last; ++peer)
        arrivals[peer] = communicator.start_receive(got[peer], peer);
    communicator.wait_for(arrivals, 0);  // which is not active
    communicator.wait_for(arrivals, 1);
    findings.expect(!arrivals[1].active(), "what was waited for is still active");
    const auto& peers = communicator.log().messages().peers();
    if (backend::time_is_simulated())
        findings.expect(
            peers.at(last).arrived_s.size() == 1 && peers.at(last).arrived_s[0] < peers.at(1).arrived_s[0],
            "the message of rank {} came before and was not noted", last);
    for (std::size_t peer = last; peer > 1; --peer) {
        findings.expect(arrivals[peer].active(), "{} is done though nobody has waited for it", peer);
        communicator.wait(arrivals[peer]);
        findings.expect(!arrivals[peer].active(), "{} is still active", peer);
        findings.expect(arrivals[peer].received() == 9, "{} values from {}", arrivals[peer].received(), peer);
    }
    for (std::size_t peer = 1; peer <= last; ++peer)
        findings.expect(same_bits(got[peer], letter(peer, 2, 9)), "from {}: {}", peer, show(got[peer]));
}

/// What was noted while another one was waited for is found by all who ask for any.
void what_was_noted_is_found(Communicator& communicator, Findings& findings) {
    Vector permission(1);
    if (communicator.rank() == 1) {
        communicator.send(letter(1, 0, 3), 0);
        communicator.send(letter(1, 1, 3), 0);
        communicator.send(permission, 2);
        communicator.receive(permission, 0);
        communicator.send(letter(1, 2, 3), 0);
    }
    if (communicator.rank() == 2) communicator.receive(permission, 1);
    if (communicator.rank() == 2) communicator.send(letter(2, 0, 3), 0);
    if (communicator.rank() != 0) return;
    std::vector<Vector> got(4, Vector(3));
    std::vector<comm::Request> requests(4);
    for (std::size_t k = 0; k < 3; ++k) requests[k] = communicator.start_receive(got[k], 1);
    requests[3] = communicator.start_receive(got[3], 2);
    communicator.begin_rotation();
    communicator.wait_for(requests, 3);
    auto found = communicator.find_done(requests);
    while (!found && !backend::time_is_simulated()) found = communicator.find_done(requests);
    findings.expect(found && *found == 0, "found {}, the first of rank 1's", found ? *found : 4);
    const std::size_t second = communicator.wait_any(requests);
    findings.expect(second == 1, "then {}", second);
    communicator.send(permission, 1);
    const std::size_t third = communicator.wait_any(requests);
    findings.expect(third == 2, "at last {}", third);
    for (std::size_t k = 0; k < 4; ++k) {
        findings.expect(!requests[k].active(), "request {} is still active", k);
        findings.expect(same_bits(got[k], letter(k < 3 ? 1 : 2, k < 3 ? k : 0, 3)), "got {}", show(got[k]));
    }
}

void vectors_are_counted_and_control_messages_are_not(Communicator& communicator, Findings& findings) {
    communicator.log().clear();
    const std::size_t last = communicator.size() - 1;
    if (communicator.rank() == 0) {
        communicator.send(Vector(3), last);
        comm::Request request = communicator.start_send(Vector(5), last);
        communicator.wait(request);
    }
    if (communicator.rank() == last) {
        Vector got(5);
        communicator.receive(std::span(got).first(3), 0);
        communicator.receive(got, 0);
    }
    communicator.barrier();
    std::string text = "not counted";
    communicator.broadcast_text(text, 0);
    communicator.agree_on_maximum(1);
    const comm::Traffic traffic = support::total_traffic(communicator);
    findings.expect(traffic.messages == 2 && traffic.bytes == 32,
                    "two messages of 32 bytes, counted: {} of {}", traffic.messages, traffic.bytes);
    const comm::Traffic own = communicator.log().messages().traffic();
    findings.expect(own.messages == (communicator.rank() == 0 ? 2U : 0U),
                    "only the sender counts, this rank has {}", own.messages);
}

void what_has_arrived_is_found_without_waiting(Communicator& communicator, Findings& findings) {
    const Vector letters[] = {letter(0, 0, 3), letter(0, 1, 3)};
    Vector go(1);
    if (communicator.rank() == 0) {
        communicator.receive(go, 1);
        for (const Vector& one : letters) communicator.send(one, 1);
    }
    if (communicator.rank() != 1) return;
    Vector got[] = {Vector(3), Vector(3)};
    std::vector<comm::Request> requests(3);  // the last one is never active
    for (std::size_t k = 0; k < 2; ++k) requests[k] = communicator.start_receive(got[k], 0);
    findings.expect(!communicator.find_done({}), "found something in nothing");
    findings.expect(!communicator.find_done(requests), "found what has not been sent");
    communicator.send(go, 0);
    for (std::size_t found = 0; found < 2;) {
        spend_time(communicator, 1e-3);
        const double began_s = communicator.now_s();
        const auto index = communicator.find_done(requests);
        if (backend::time_is_simulated()) {
            findings.expect(communicator.now_s() == began_s, "looking took time");
            findings.expect(index.has_value(), "missed what has arrived");
        }
        if (!index) continue;
        findings.expect(!requests[*index].active(), "found {}, which is still active", *index);
        findings.expect(same_bits(got[*index], letters[*index]), "got {}", show(got[*index]));
        ++found;
    }
    findings.expect(!communicator.find_done(requests), "found something where nothing is open");
}

/// A real rank computes for long enough that its partner, which shares the cores with others, comes to answer
/// in some round; a library that is asked only once says "nothing" in all of them.
void what_came_during_computation_is_found_after_it(Communicator& communicator, Findings& findings) {
    constexpr std::size_t rounds = 10;
    const Vector answer = letter(0, 2, 3);
    Vector go(1);
    std::size_t found = 0;
    for (std::size_t round = 0; round < rounds && communicator.rank() < 2; ++round) {
        if (communicator.rank() == 0) {
            communicator.receive(go, 1);
            communicator.send(answer, 1);
            continue;
        }
        Vector got(3);
        std::vector<comm::Request> requests{communicator.start_receive(got, 0)};
        communicator.send(go, 0);
        spend_time(communicator, 1e-2);
        communicator.find_done(requests) ? ++found : communicator.wait_any(requests);
        findings.expect(same_bits(got, answer), "got {}", show(got));
    }
    const std::size_t fewest = backend::time_is_simulated() ? rounds : 1;
    if (communicator.rank() == 1) findings.expect(found >= fewest, "found {} of {} messages", found, rounds);
}

}  // namespace

std::vector<Case> point_to_point_cases() {
    return {
        {"messages keep their order", messages_keep_their_order, 2},
        {"everybody sends right and receives left", everybody_sends_right_and_receives_left, 2},
        {"started messages arrive while others are served", started_messages_arrive_while_others_are_served},
        {"waiting for an inactive request returns at once", waiting_for_an_inactive_request_returns_at_once},
        {"wait_any follows the order of arrival", wait_any_follows_the_order_of_arrival, 2},
        {"what has arrived is found without waiting", what_has_arrived_is_found_without_waiting, 2},
        {"what came during computation is found after it", what_came_during_computation_is_found_after_it, 2},
        {"others are noted while one is waited for", others_are_noted_while_one_is_waited_for, 3},
        {"what was noted is found", what_was_noted_is_found, 3},
        {"vectors are counted and control messages are not", vectors_are_counted_and_control_messages_are_not,
         2}};
}

}  // namespace lockstep::contract
