// When messages travel, and how blocked time divides into waiting and transfer: exact figures.
#include <cmath>

#include "backend/backend.hpp"
#include "comm/wait_states.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"

namespace test_messages {

using namespace lockstep;

namespace {

constexpr std::size_t n = 2500;  // 10 000 bytes

/// Rank 0 calculates `sender_s`, then sends n values; rank 1 calculates `receiver_s`, then receives them.
/// Each gives the end of its part, its waiting and its transfer.
std::vector<std::vector<double>> one_message(const scenario::Config& config, double sender_s,
                                             double receiver_s) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        const bool sender = communicator.rank() == 0;
        backend::compute((sender ? sender_s : receiver_s) * config.speed_flops, [] {});
        sender ? communicator.send(vector, 1) : communicator.receive(vector, 0);
        const double end_s = communicator.now_s() - start_s;
        const auto states = comm::resolve_wait_states(communicator, events::Clock());
        return std::vector{end_s, states.wait_s, states.transfer_s};
    });
}

/// At this moment; below the eager limit ranks leave a barrier one after the other.
double start_together(const scenario::Config& config, comm::Communicator& communicator) {
    constexpr double start_s = 1;
    communicator.barrier();
    backend::compute((start_s - communicator.now_s()) * config.speed_flops, [] {});
    return start_s;
}

void check(const std::vector<double>& rank, double end_s, double wait_s, double transfer_s) {
    CHECK(std::abs(rank[0] - end_s) < 1e-12);
    CHECK(std::abs(rank[1] - wait_s) < 1e-12);
    CHECK(std::abs(rank[2] - transfer_s) < 1e-12);
}

}  // namespace

TEST_CASE("a receiver waits for a late sender, then for the network") {
    const scenario::Config config = support::star_of(2);
    const double t = simulation::message_s(config, n);
    CHECK(t == Approx(50e-6 + 10016 / 1.25e8).epsilon(1e-12));
    const auto ranks = one_message(config, 2, 0);
    check(ranks[0], 2 + t, 0, t);
    check(ranks[1], 2 + t, 2, t);
}

TEST_CASE("a sender waits for a late receiver, then for the network") {
    const scenario::Config config = support::star_of(2);
    const double t = simulation::message_s(config, n);
    const auto ranks = one_message(config, 1, 4);
    check(ranks[0], 4 + t, 3, t);
    check(ranks[1], 4 + t, 0, t);
}

/// Everybody sends right and receives left, rank 1 two seconds late. To rank 0 the message from the left
/// comes in time, and the one to the right waits for its receiver; for rank 2 it is the other way round.
TEST_CASE("in an exchange with two partners each accounts for its own waiting") {
    const scenario::Config config = support::star_of(3);
    const double t = simulation::message_s(config, n);
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> outgoing(n);
        std::vector<float> incoming(n);
        const std::size_t rank = communicator.rank();
        communicator.barrier();
        const double start_s = communicator.now_s();
        if (rank == 1) backend::compute(2 * config.speed_flops, [] {});
        communicator.send_receive(outgoing, (rank + 1) % 3, incoming, (rank + 2) % 3);
        const double end_s = communicator.now_s() - start_s;
        const auto states = comm::resolve_wait_states(communicator, events::Clock());
        return std::vector{end_s, states.wait_s, states.transfer_s};
    });
    check(ranks[0], 2 + t, 2 - t, 2 * t);
    check(ranks[1], 2 + t, 0, t);
    check(ranks[2], 2 + t, 2 - t, 2 * t);
}

TEST_CASE(
    "below the eager limit a sender goes on at once, and the message travels before its receiver comes") {
    scenario::Config config = support::star_of(2);
    config.eager_limit_B = 10001;
    const auto ranks = one_message(config, 1, 4);
    check(ranks[0], 1, 0, 0);
    check(ranks[1], 4, 0, 0);
    config.eager_limit_B = 10000;  // messages of less than this
    CHECK(one_message(config, 1, 4)[0][0] > 4);
    config.eager_limit_B = 1e12;  // more than an MPI message can have
    CHECK(std::abs(one_message(config, 1, 4)[0][0] - 1) < 1e-12);
}

/// Also of messages below the eager limit, whose sender is not kept until they are there.
TEST_CASE("a request and its reply: the server's work is waiting, both ways are transfer") {
    scenario::Config config = support::star_of(2);
    config.eager_limit_B = GENERATE(0.0, 1e9);
    const double work_s = 0.25;
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        comm::Request request;
        if (communicator.rank() == 1) request = communicator.start_receive(vector, 0);
        const double start_s = start_together(config, communicator);
        if (communicator.rank() == 0) {
            backend::compute(config.speed_flops, [] {});
            communicator.send(vector, 1);
            communicator.receive(vector, 1);
        } else {
            communicator.wait(request);
            backend::compute(work_s * config.speed_flops, [] {});
            communicator.send(vector, 0);
        }
        const double end_s = communicator.now_s() - start_s;
        const auto states = comm::resolve_wait_states(communicator, events::Clock());
        return std::vector{end_s, states.wait_s, states.transfer_s};
    });
    const double t = simulation::message_s(config, n);
    CAPTURE(config.eager_limit_B);
    check(ranks[0], 1 + 2 * t + work_s, work_s, 2 * t);
    CHECK(std::abs(ranks[1][1] - 1) < 1e-12);
}

/// All push at the same moment; the server has all of it after d = alpha + c B / bandwidth, works for s on
/// one after the other, and sends each its reply, t = alpha + B / bandwidth < s. So worker i waits (i + 1) s
/// and is in transfer for d + t.
TEST_CASE("who is served in turn waits for those before it, and for its own service") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 7);
    scenario::Config config = support::star_of(workers + 1);
    config.eager_limit_B = GENERATE(0.0, 1e9);
    const double work_s = 0.25;
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const bool is_server = communicator.rank() == workers;
        std::vector<std::vector<float>> inboxes(is_server ? workers : 1, std::vector<float>(n));
        std::vector<comm::Request> requests(is_server ? workers : 0);
        for (std::size_t i = 0; i < requests.size(); ++i)
            requests[i] = communicator.start_receive(inboxes[i], i);
        const double start_s = start_together(config, communicator);
        std::vector<comm::Request> replies(requests.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            communicator.wait_for(requests, i);
            backend::compute(work_s * config.speed_flops, [] {});
            replies[i] = communicator.start_send(inboxes[i], i);
        }
        for (comm::Request& reply : replies) communicator.wait(reply);
        // The last reply may still be on its way, and is to share its link with nothing that comes
        // afterwards.
        if (is_server) backend::compute(work_s * config.speed_flops, [] {});
        if (!is_server) communicator.send(inboxes[0], workers);
        if (!is_server) communicator.receive(inboxes[0], workers);
        const double end_s = communicator.now_s() - start_s;
        const auto states = comm::resolve_wait_states(communicator, events::Clock());
        return std::vector{end_s, states.wait_s, states.transfer_s};
    });
    const double message_B = 4 * static_cast<double>(n) + simulation::envelope_B;
    const double both_ways_s =
        2 * config.latency_s + (static_cast<double>(workers) + 1) * message_B / config.bandwidth_Bps;
    for (std::size_t i = 0; i < workers; ++i) {
        CAPTURE(workers, config.eager_limit_B, i);
        const double wait_s = (static_cast<double>(i) + 1) * work_s;
        CHECK(ranks[i][0] == Approx(wait_s + both_ways_s).epsilon(1e-9));
        CHECK(ranks[i][1] == Approx(wait_s).epsilon(1e-9));
        CHECK(ranks[i][2] == Approx(both_ways_s).epsilon(1e-9));
    }
}

TEST_CASE("a started receive is served while its rank calculates") {
    const scenario::Config config = support::star_of(2);
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        if (communicator.rank() == 0) {
            communicator.send(vector, 1);
        } else {
            comm::Request request = communicator.start_receive(vector, 0);
            backend::compute(3 * config.speed_flops, [] {});
            communicator.wait(request);
        }
        return std::vector{communicator.now_s() - start_s};
    });
    CHECK(ranks[0][0] == Approx(simulation::message_s(config, n)).epsilon(1e-9));
    CHECK(ranks[1][0] == Approx(3).epsilon(1e-12));
}

TEST_CASE("two messages into one host share its link, two messages in both directions do not") {
    const scenario::Config config = support::star_of(3);
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> first(n);
        std::vector<float> second(n);
        const std::size_t rank = communicator.rank();
        communicator.barrier();
        const double start_s = communicator.now_s();
        if (rank == 0) {
            comm::Request one = communicator.start_receive(first, 1);
            comm::Request two = communicator.start_receive(second, 2);
            communicator.wait(one);
            communicator.wait(two);
        } else {
            communicator.send(first, 0);
        }
        const double shared_s = communicator.now_s() - start_s;
        communicator.barrier();
        const double restart_s = communicator.now_s();
        communicator.send_receive(first, (rank + 1) % 3, second, (rank + 2) % 3);
        return std::vector{shared_s, communicator.now_s() - restart_s};
    });
    CHECK(ranks[0][0] == Approx(config.latency_s + 2 * 10016 / config.bandwidth_Bps).epsilon(1e-9));
    CHECK(ranks[0][1] == Approx(simulation::message_s(config, n)).epsilon(1e-9));
}

}  // namespace test_messages
