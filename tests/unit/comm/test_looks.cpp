// A communicator's look between two pieces of work, at a library that moves messages on only when it is
// asked.
#include <algorithm>
#include <stdexcept>

#include "comm/communicator.hpp"
#include "tests/support/catch.hpp"

namespace test_looks {

using namespace lockstep;
using comm::Transport;

namespace {

/// Its messages are there at the look of that number, from 1 on; it says how many it takes to know.
class ReluctantTransport final : public Transport {
  public:
    ReluctantTransport(std::size_t arrival, std::size_t looks_in_a_row, std::size_t& looks)
        : arrival_(arrival), looks_in_a_row_(looks_in_a_row), looks_(looks) {}

    std::size_t rank() const override { return 0; }
    std::size_t size() const override { return 2; }
    double now_s() const override { return 0; }
    Handle start_receive(std::span<std::byte> /*buffer*/, std::size_t source, int /*tag*/) override {
        return {1, true, source};
    }
    std::optional<Received> test(Handle& handle) override {
        if (++looks_ < arrival_) return std::nullopt;
        handle = {};
        return Received{4, 1};
    }
    std::optional<Completion> test_any(std::span<Handle> handles) override {
        const auto first = std::ranges::find_if(handles, &Handle::active);
        if (first == handles.end()) return std::nullopt;
        const auto received = test(*first);
        if (!received) return std::nullopt;
        return Completion{static_cast<std::size_t>(first - handles.begin()), *received};
    }
    std::size_t looks_in_a_row() const override { return looks_in_a_row_; }

    void send(std::span<const std::byte> /*bytes*/, std::size_t /*destination*/, int /*tag*/) override {
        throw unused();
    }
    Received receive(std::span<std::byte> /*buffer*/, std::size_t /*source*/, int /*tag*/) override {
        throw unused();
    }
    void send_receive(std::span<const std::byte> /*outgoing*/, std::size_t /*destination*/,
                      std::span<std::byte> /*incoming*/, std::size_t /*source*/, int /*tag*/) override {
        throw unused();
    }
    Handle start_send(std::span<const std::byte> /*bytes*/, std::size_t /*destination*/,
                      int /*tag*/) override {
        throw unused();
    }
    Received wait(Handle& /*handle*/) override { throw unused(); }
    Completion wait_any(std::span<Handle> /*handles*/) override { throw unused(); }
    void sum(std::span<float> /*vector*/) override { throw unused(); }
    int maximum(int /*value*/) override { throw unused(); }
    void broadcast(std::span<std::byte> /*buffer*/, std::size_t /*root*/) override { throw unused(); }
    std::unique_ptr<Transport> duplicate() const override { throw unused(); }

  private:
    static std::logic_error unused() { return std::logic_error("not what a look asks for"); }

    std::size_t arrival_;
    std::size_t looks_in_a_row_;
    std::size_t& looks_;
};

struct Look {
    bool finds;
    std::size_t looks;
};

/// At one message that is there at the look number `arrival`.
Look look(std::size_t arrival, std::size_t looks_in_a_row, bool at_any) {
    std::size_t looks = 0;
    comm::Communicator communicator(std::make_unique<ReluctantTransport>(arrival, looks_in_a_row, looks));
    std::vector<float> incoming(1);
    std::vector<comm::Request> requests{communicator.start_receive(incoming, 1)};
    const bool finds =
        at_any ? communicator.find_done(requests).has_value() : communicator.has_finished(requests.front());
    CHECK(finds != requests.front().active());
    return {finds, looks};
}

}  // namespace

TEST_CASE("a look goes on until there is something, or the library has nothing more to tell") {
    const bool at_any = GENERATE(true, false);
    for (const std::size_t arrival : {1U, 2U, 7U}) {
        CAPTURE(at_any, arrival);
        const Look found = look(arrival, 7, at_any);
        CHECK(found.finds);
        CHECK(found.looks == arrival);
    }
    const Look nothing = look(8, 7, at_any);
    CHECK_FALSE(nothing.finds);
    CHECK(nothing.looks == 7);
}

TEST_CASE("a library whose messages move by themselves is asked once") {
    const bool at_any = GENERATE(true, false);
    CHECK(look(2, 1, at_any).looks == 1);
}

TEST_CASE("nobody looks at what is not under way") {
    std::size_t looks = 0;
    comm::Communicator communicator(std::make_unique<ReluctantTransport>(1, 7, looks));
    CHECK_FALSE(communicator.find_done({}));
    std::vector<comm::Request> two(2);
    CHECK_FALSE(communicator.find_done(two));
    comm::Request none;
    CHECK(communicator.has_finished(none));
    CHECK(looks == 0);
}

TEST_CASE("who waits for one of several knows of all that have come, however reluctant the library") {
    std::size_t looks = 0;
    comm::Communicator communicator(std::make_unique<ReluctantTransport>(3, 7, looks));
    std::vector<float> incoming(2);
    std::vector<comm::Request> requests{communicator.start_receive(std::span(incoming).first(1), 1),
                                        communicator.start_receive(std::span(incoming).last(1), 1)};
    CHECK(communicator.wait_any(requests) == 0);  // without blocking
    CHECK(looks == 4);
    CHECK(communicator.wait_any(requests) == 1);
    CHECK(looks == 4);  // it has been noted
}

}  // namespace test_looks
