// Control messages: agreements, texts, bytes, the barrier.
#include <algorithm>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "comm/agreement.hpp"
#include "comm/clock_alignment.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/gathering.hpp"

namespace lockstep::contract {
namespace {

void all_agree_on_the_maximum(Communicator& communicator, Findings& findings) {
    const auto size = static_cast<int>(communicator.size());
    const auto rank = static_cast<int>(communicator.rank());
    for (int highest = 0; highest < size; ++highest) {
        const int agreed = communicator.agree_on_maximum(rank == highest ? -5 : -100 - rank);
        findings.expect(agreed == -5, "maximum on rank {}: {}", highest, agreed);
    }
}

void a_text_reaches_everybody(Communicator& communicator, Findings& findings) {
    for (std::size_t root = 0; root < communicator.size(); ++root) {
        for (const std::size_t length : std::vector<std::size_t>{0, 1, 100000}) {
            const std::string expected(length, static_cast<char>('a' + root % 26));
            std::string text = communicator.rank() == root ? expected : "something else";
            communicator.broadcast_text(text, root);
            findings.expect(text == expected, "root {}, length {}: got length {}", root, length, text.size());
        }
    }
}

std::vector<std::byte> bytes_of(std::size_t rank, std::size_t length) {
    std::vector<std::byte> bytes(length);
    for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::byte>((rank * 37 + i) % 256);
    return bytes;
}

void bytes_arrive_with_their_length(Communicator& communicator, Findings& findings) {
    for (const std::size_t length : std::vector<std::size_t>{0, 1, 100000}) {
        if (communicator.rank() != 0) communicator.send_bytes(bytes_of(communicator.rank(), length), 0);
        if (communicator.rank() != 0) continue;
        for (std::size_t peer = communicator.size(); --peer > 0;) {
            const auto got = communicator.receive_bytes(peer);
            findings.expect(got == bytes_of(peer, length), "length {} from {}: got {} bytes", length, peer,
                            got.size());
        }
    }
}

/// Every pair swaps arrays of lengths that only that pair has, the lower rank's 3 longer.
void arrays_are_swapped_with_all_peers_at_once(Communicator& communicator, Findings& findings) {
    const std::size_t rank = communicator.rank();
    std::vector<std::size_t> peers;
    std::vector<std::vector<double>> outgoing;
    std::vector<std::vector<double>> incoming;
    for (std::size_t peer = 0; peer < communicator.size(); ++peer) {
        if (peer == rank) continue;
        peers.push_back(peer);
        outgoing.emplace_back(10 * rank * peer + (rank < peer ? 3 : 0),
                              static_cast<double>(100 * rank + peer));
        incoming.emplace_back(10 * rank * peer + (peer < rank ? 3 : 0));
    }
    communicator.swap_with_peers(peers, outgoing, incoming);
    for (std::size_t i = 0; i < peers.size(); ++i) {
        const std::vector<double> expected(incoming[i].size(), static_cast<double>(100 * peers[i] + rank));
        findings.expect(incoming[i] == expected, "from {}: {} values", peers[i], incoming[i].size());
    }
}

/// Real ranks call only when the first has come from its call, which small messages do not hold up.
void the_first_does_it_and_waits_for_nobody(Communicator& communicator, Findings& findings) {
    const bool is_first = communicator.rank() == 0;
    std::vector<float> token(1);
    for (const bool fails : {false, true}) {
        std::size_t calls = 0;
        std::string heard;
        if (!is_first && !backend::time_is_simulated()) communicator.receive(token, 0);
        try {
            comm::done_by_first(communicator, [&] {
                ++calls;
                if (fails) throw base::EnvironmentError("no room");
            });
        } catch (const comm::AgreedError& error) {
            heard = error.what();
            findings.expect(error.status() == base::ExitStatus::environment, "another status");
        }
        for (std::size_t rank = 1; is_first && !backend::time_is_simulated() && rank < communicator.size();
             ++rank)
            communicator.send(token, rank);
        findings.expect(calls == (is_first ? 1 : 0), "done {} times", calls);
        findings.expect(heard == (fails ? "no room" : ""), "heard '{}'", heard);
    }
}

/// Each rank in turn comes late; then nobody leaves before it has come.
void nobody_leaves_a_barrier_before_all_have_come(Communicator& communicator, Findings& findings) {
    constexpr double barrier_error_s = 4e-3;
    events::Clock clock;
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
    for (std::size_t late = 0; late < communicator.size(); ++late) {
        communicator.barrier();
        if (communicator.rank() == late) spend_time(communicator, 10e-3);
        const double came_s = clock.to_rank_0_s(communicator.now_s());
        communicator.barrier();
        const double left_s = clock.to_rank_0_s(communicator.now_s());
        const auto times = support::gather_from_all(communicator, {came_s, left_s});
        for (const auto& time : times)
            findings.expect(time[1] >= times[late][0] - barrier_error_s, "left {} s before rank {} came",
                            times[late][0] - time[1], late);
    }
}

}  // namespace

std::vector<Case> control_cases() {
    return {
        {"all agree on the maximum", all_agree_on_the_maximum},
        {"a text reaches everybody", a_text_reaches_everybody},
        {"bytes arrive with their length", bytes_arrive_with_their_length},
        {"arrays are swapped with all peers at once", arrays_are_swapped_with_all_peers_at_once},
        {"the first does it and waits for nobody", the_first_does_it_and_waits_for_nobody},
        {"nobody leaves a barrier before all have come", nobody_leaves_a_barrier_before_all_have_come, 2}};
}

}  // namespace lockstep::contract
