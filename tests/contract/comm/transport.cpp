// Bytes with a tag between ranks: what every transport promises, whatever carries them.
#include "comm/transport.hpp"

#include <algorithm>

#include "tests/contract/contract.hpp"

namespace lockstep::contract {
namespace {

using comm::Transport;
using Bytes = std::vector<std::byte>;
using Handle = Transport::Handle;

/// So that a large one is not buffered.
constexpr std::size_t large = 300'000;

/// Bytes that only this sender sends, and only as its k-th message.
Bytes parcel(std::size_t sender, std::size_t k, std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(31 * sender + 7 * k + i % 101);
    return bytes;
}

std::size_t right_of(const Transport& transport) {
    return (transport.rank() + 1) % transport.size();
}

std::size_t left_of(const Transport& transport) {
    return (transport.rank() + transport.size() - 1) % transport.size();
}

/// As wait, by looking.
Transport::Received look_until_done(Transport& transport, const Communicator& communicator, Handle& handle) {
    while (true) {
        if (const auto received = transport.test(handle)) return *received;
        spend_time(communicator, 1e-4);
    }
}

void a_message_tells_its_length_and_tag(Communicator& communicator, Transport& transport,
                                        Findings& findings) {
    constexpr std::size_t sizes[] = {5, 0, 1, large};
    for (std::size_t k = 0; k < std::size(sizes); ++k) {
        const Bytes expected = parcel(0, k, sizes[k]);
        const int tag = k == 0 ? 32767 : static_cast<int>(k);
        if (communicator.rank() == 0) transport.send(expected, 1, tag);
        if (communicator.rank() != 1) continue;
        Bytes got(large + 1);
        const auto received = transport.receive(got, 0, Transport::any_tag);
        got.resize(received.bytes);
        findings.expect(got == expected && received.tag == tag, "message {}: {} bytes, tag {}", k,
                        received.bytes, received.tag);
    }
}

/// What is asked for by its tag passes by what is not; whatever comes is taken in the order in which it was
/// sent.
void a_receive_takes_the_first_message_that_fits(Communicator& communicator, Transport& transport,
                                                 Findings& findings) {
    constexpr int tags[] = {1, 2, 1, 2};
    constexpr std::size_t expected[] = {1, 0, 2, 3};
    for (const std::size_t size : {std::size_t{3}, large}) {
        std::vector<Bytes> letters;
        for (std::size_t k = 0; k < std::size(tags); ++k) letters.push_back(parcel(0, k, size));
        if (communicator.rank() == 0) {
            std::vector<Handle> sends;
            for (std::size_t k = 0; k < std::size(tags); ++k)
                sends.push_back(transport.start_send(letters[k], 1, tags[k]));
            for (Handle& send : sends) transport.wait(send);
        }
        if (communicator.rank() != 1) continue;
        for (std::size_t i = 0; i < std::size(tags); ++i) {
            Bytes got(size);
            transport.receive(got, 0, i == 0 ? 2 : Transport::any_tag);
            findings.expect(got == letters[expected[i]],
                            "receive {} of {} bytes took another than message {}", i, size, expected[i]);
        }
    }
}

void all_meet_in_a_send_receive(Communicator& /*communicator*/, Transport& transport, Findings& findings) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, large}) {
        Bytes got(size);
        transport.send_receive(parcel(transport.rank(), 0, size), right_of(transport), got,
                               left_of(transport), 4);
        findings.expect(got == parcel(left_of(transport), 0, size), "{} bytes from rank {} are others", size,
                        left_of(transport));
    }
}

void what_was_started_is_done_once(Communicator& communicator, Transport& transport, Findings& findings) {
    for (const bool looks : {false, true}) {
        const Bytes mine = parcel(transport.rank(), 0, large);
        Bytes got(large + 1);
        Handle receiving = transport.start_receive(got, left_of(transport), 5);
        Handle sending = transport.start_send(mine, right_of(transport), 5);
        findings.expect(receiving.active() && sending.active(), "what was started is not active");
        const auto received =
            looks ? look_until_done(transport, communicator, receiving) : transport.wait(receiving);
        looks ? look_until_done(transport, communicator, sending) : transport.wait(sending);
        findings.expect(!receiving.active() && !sending.active(), "what is done is still active");
        got.resize(received.bytes);
        findings.expect(got == parcel(left_of(transport), 0, large) && received.tag == 5,
                        "got {} bytes, tag {}", received.bytes, received.tag);
    }
}

void what_has_not_been_sent_is_not_done(Communicator& communicator, Transport& transport,
                                        Findings& findings) {
    if (communicator.rank() == 0) {
        transport.receive({}, 1, 6);
        transport.send(parcel(0, 0, 9), 1, 6);
    }
    if (communicator.rank() != 1) return;
    Bytes got(9);
    Handle handles[] = {Handle(), transport.start_receive(got, 0, 6)};
    findings.expect(!transport.test(handles[1]), "done before it was sent");
    findings.expect(!transport.test_any(handles), "one is done before it was sent");
    transport.send({}, 0, 6);
    auto done = transport.test_any(handles);
    for (; !done; done = transport.test_any(handles)) spend_time(communicator, 1e-4);
    findings.expect(done->index == 1 && !handles[1].active() && done->message.bytes == 9,
                    "number {} of {} bytes is done", done->index, done->message.bytes);
    findings.expect(got == parcel(0, 0, 9), "it has other bytes");
    findings.expect(!transport.test_any(handles), "one is done where none is active");
}

/// Rank 0 starts a receive from everybody, itself too.
void each_is_waited_for_once(Communicator& /*communicator*/, Transport& transport, Findings& findings) {
    const Bytes mine = parcel(transport.rank(), 1, transport.rank());
    Handle sending = transport.start_send(mine, 0, 7);
    std::vector<Bytes> got(transport.rank() == 0 ? transport.size() : 0, Bytes(transport.size()));
    std::vector<Handle> handles;
    for (std::size_t peer = 0; peer < got.size(); ++peer)
        handles.push_back(transport.start_receive(got[peer], peer, 7));
    for (std::size_t left = handles.size(); left-- > 0;) {
        const auto [index, message] = transport.wait_any(handles);
        got[index].resize(message.bytes);
        findings.expect(!handles[index].active(), "number {} is still active", index);
        findings.expect(got[index] == parcel(index, 1, index), "from {}: {} bytes", index, message.bytes);
        const auto active = std::ranges::count_if(handles, &Handle::active);
        findings.expect(active == static_cast<std::ptrdiff_t>(left), "{} are active, not {}", active, left);
    }
    transport.wait(sending);
}

void messages_of_a_duplicate_stay_among_its_own(Communicator& communicator, Transport& transport,
                                                Findings& findings) {
    const auto twin = transport.duplicate();
    findings.expect(twin->rank() == transport.rank() && twin->size() == transport.size(),
                    "rank {} of {} is rank {} of {}", transport.rank(), transport.size(), twin->rank(),
                    twin->size());
    const Bytes letters[] = {parcel(0, 0, 3), parcel(0, 1, 3)};
    if (communicator.rank() == 0) {
        Handle sends[] = {transport.start_send(letters[0], 1, 8), twin->start_send(letters[1], 1, 8)};
        transport.wait(sends[0]);
        twin->wait(sends[1]);
    }
    if (communicator.rank() != 1) return;
    Bytes got(3);
    twin->receive(got, 0, Transport::any_tag);
    findings.expect(got == letters[1], "the duplicate took the original's message");
    transport.receive(got, 0, Transport::any_tag);
    findings.expect(got == letters[0], "the original took the duplicate's message");
}

void all_know_what_is_collective(Communicator& /*communicator*/, Transport& transport, Findings& findings) {
    const auto size = static_cast<float>(transport.size());
    std::vector<float> values(1000, static_cast<float>(transport.rank() + 1));
    transport.sum(values);
    findings.expect(std::ranges::count(values, size * (size + 1) / 2) == 1000, "the sum is {}", values[0]);
    const int maximum = transport.maximum(-static_cast<int>(transport.rank()));
    findings.expect(maximum == 0, "the maximum is {}", maximum);
    for (std::size_t root = 0; root < transport.size(); ++root)
        for (const std::size_t length : {std::size_t{0}, std::size_t{1}, large}) {
            Bytes bytes = parcel(transport.rank(), 2, length);
            transport.broadcast(bytes, root);
            findings.expect(bytes == parcel(root, 2, length), "{} bytes of rank {} are others", length, root);
        }
}

void the_clock_does_not_go_back(Communicator& communicator, Transport& transport, Findings& findings) {
    const double before_s = transport.now_s();
    spend_time(communicator, 1e-3);
    const double after_s = transport.now_s();
    findings.expect(after_s - before_s >= 0.99e-3, "a millisecond took {} s", after_s - before_s);
}

/// Each on a transport of its own.
template <void (*check)(Communicator&, Transport&, Findings&)>
void on_transport(Communicator& communicator, Findings& findings) {
    const auto transport = communicator.duplicate_transport();
    check(communicator, *transport, findings);
}

}  // namespace

std::vector<Case> transport_cases() {
    return {{"a message tells its length and tag", on_transport<a_message_tells_its_length_and_tag>, 2},
            {"a receive takes the first message that fits",
             on_transport<a_receive_takes_the_first_message_that_fits>, 2},
            {"all meet in a send_receive", on_transport<all_meet_in_a_send_receive>},
            {"what was started is done once", on_transport<what_was_started_is_done_once>},
            {"what has not been sent is not done", on_transport<what_has_not_been_sent_is_not_done>, 2},
            {"each is waited for once", on_transport<each_is_waited_for_once>},
            {"messages of a duplicate stay among its own",
             on_transport<messages_of_a_duplicate_stay_among_its_own>, 2},
            {"all know what is collective", on_transport<all_know_what_is_collective>},
            {"the clock does not go back", on_transport<the_clock_does_not_go_back>}};
}

}  // namespace lockstep::contract
