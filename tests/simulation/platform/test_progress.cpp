// What moves while a processor computes: --overlap-progress.
#include "backend/backend.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_progress {

using namespace lockstep;
using scenario::OverlapProgress;

namespace {

constexpr std::size_t n = 2500;  // 10 000 bytes
constexpr double work_s = 3;

/// When each rank was done: rank 0 sends, rank 1 receives, and who `computes` does so between the start of
/// its side and the wait for it.
std::vector<double> ends(const scenario::Config& config, std::size_t computes) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        comm::Request request = communicator.rank() == 0 ? communicator.start_send(vector, 1)
                                                         : communicator.start_receive(vector, 0);
        if (communicator.rank() == computes) backend::compute(work_s * config.speed_flops, [] {});
        communicator.wait(request);
        return std::vector{communicator.now_s() - start_s};
    });
    return {ranks[0][0], ranks[1][0]};
}

scenario::Config star(OverlapProgress progress) {
    scenario::Config config = support::star_of(2);
    config.overlap_progress = progress;
    return config;
}

}  // namespace

TEST_CASE("what a computing processor sends moves unless the library makes progress in its calls only") {
    const double t = simulation::message_s(star(OverlapProgress::ideal), n);
    for (const auto progress : {OverlapProgress::ideal, OverlapProgress::receiver}) {
        const auto end = ends(star(progress), 0);
        CHECK(end[0] == Approx(work_s).epsilon(1e-12));
        CHECK(end[1] == Approx(t).epsilon(1e-9));
    }
    const auto end = ends(star(OverlapProgress::none), 0);
    CHECK(end[0] == Approx(work_s + t).epsilon(1e-12));
    CHECK(end[1] == Approx(work_s + t).epsilon(1e-12));
}

TEST_CASE("what a computing processor receives moves only where progress is ideal") {
    const double t = simulation::message_s(star(OverlapProgress::ideal), n);
    const auto ideal = ends(star(OverlapProgress::ideal), 1);
    CHECK(ideal[0] == Approx(t).epsilon(1e-9));
    CHECK(ideal[1] == Approx(work_s).epsilon(1e-12));
    for (const auto progress : {OverlapProgress::receiver, OverlapProgress::none}) {
        const auto end = ends(star(progress), 1);
        CHECK(end[0] == Approx(work_s + t).epsilon(1e-12));
        CHECK(end[1] == Approx(work_s + t).epsilon(1e-12));
    }
}

/// The receive is open, and both ends have been in calls, before the message is sent at moment_s. Until then
/// rank 1 computes, and rank 0 computes after it, unless it waits at once: when each was done with the
/// message.
std::vector<double> ends_of_late(const scenario::Config& config, double moment_s, double senders_work_s) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        std::vector<float> nothing;
        const bool sends = communicator.rank() == 0;
        const auto compute = [&](double time_s) {
            if (time_s > 0) backend::compute(time_s * config.speed_flops, [] {});
        };
        comm::Request request;
        if (!sends) request = communicator.start_receive(vector, 0);
        communicator.barrier();
        const double start_s = communicator.now_s();
        compute(sends ? moment_s : work_s);
        if (sends) {
            request = communicator.start_send(vector, 1);
            compute(senders_work_s);
        }
        communicator.wait(request);
        return std::vector{communicator.now_s() - start_s};
    });
    return {ranks[0][0], ranks[1][0]};
}

TEST_CASE("a message to a processor that computes waits for its next call, though its receive is open") {
    const double t = simulation::message_s(star(OverlapProgress::ideal), n);
    const auto ideal = ends_of_late(star(OverlapProgress::ideal), 1, 0);
    CHECK(ideal[0] == Approx(1 + t).epsilon(1e-12));
    CHECK(ideal[1] == Approx(work_s).epsilon(1e-12));
    for (const auto progress : {OverlapProgress::receiver, OverlapProgress::none}) {
        const auto end = ends_of_late(star(progress), 1, 0);
        CHECK(end[0] == Approx(work_s + t).epsilon(1e-12));
        CHECK(end[1] == Approx(work_s + t).epsilon(1e-12));
    }
}

TEST_CASE("a message waits for its receiver's call and then, where the library needs it, for its sender's") {
    const double t = simulation::message_s(star(OverlapProgress::ideal), n);
    const auto by_itself = ends_of_late(star(OverlapProgress::receiver), 1, work_s);
    CHECK(by_itself[0] == Approx(1 + work_s).epsilon(1e-12));
    CHECK(by_itself[1] == Approx(work_s + t).epsilon(1e-12));
    const auto in_calls = ends_of_late(star(OverlapProgress::none), 1, work_s);
    CHECK(in_calls[0] == Approx(1 + work_s + t).epsilon(1e-12));
    CHECK(in_calls[1] == Approx(1 + work_s + t).epsilon(1e-12));
}

/// Both messages of rank 0 wait for rank 1, which computes.
TEST_CASE("messages that waited for a call move one after the other") {
    const scenario::Config config = star(OverlapProgress::none);
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<std::vector<float>> vectors(2, std::vector<float>(n));
        std::vector<comm::Request> requests;
        const bool sends = communicator.rank() == 0;
        communicator.barrier();
        const double start_s = communicator.now_s();
        for (std::vector<float>& vector : vectors)
            requests.push_back(sends ? communicator.start_send(vector, 1)
                                     : communicator.start_receive(vector, 0));
        if (!sends) backend::compute(work_s * config.speed_flops, [] {});
        std::vector<double> ended_s;
        for (comm::Request& request : requests) {
            communicator.wait(request);
            ended_s.push_back(communicator.now_s() - start_s);
        }
        return ended_s;
    });
    const double t = simulation::message_s(config, n);
    CHECK(ranks[1][0] == Approx(work_s + t).epsilon(1e-12));
    CHECK(ranks[1][1] == Approx(work_s + 2 * t - config.latency_s).epsilon(1e-12));
    CHECK(ranks[0] == ranks[1]);
}

TEST_CASE("eager messages leave at once whatever the library does") {
    scenario::Config config = star(OverlapProgress::none);
    config.eager_limit_B = 4 * n + 1;
    const auto end = ends(config, 0);
    CHECK(end[0] == Approx(work_s).epsilon(1e-12));
    CHECK(end[1] < work_s);
}

/// Worker 0 passes the token on and computes its next step, during which nothing moves: a rotation of two
/// takes two steps and two messages in place of one step.
TEST_CASE("a token that moves in calls only costs a rotation of two its overlap") {
    scenario::Config config = simulation::phantom(scenario::Method("in-turn"), 2, 1e5, 5e8);
    config = simulation::steps_of(config, 40);
    const double ideal_s = simulation::whole_run(config).summary.elapsed_s;
    config.overlap_progress = OverlapProgress::none;
    const double in_calls_s = simulation::whole_run(config).summary.elapsed_s;
    const double step_s = (5e8 + 2e5) / config.speed_flops;
    const double message_s = simulation::message_s(config, 100000);
    CHECK(ideal_s < 41 * (step_s + 2 * message_s));
    CHECK(in_calls_s > 39 * 2 * step_s);
}

TEST_CASE("progress changes times, and nothing else where the order is fixed") {
    for (const auto method :
         {scenario::Method("in-turn"), scenario::Method("gossip"), scenario::Method("local-sgd")}) {
        scenario::Config config;
        config.method = method;
        config.workers = 3;
        config.train_samples = 600;
        config.test_samples = 60;
        config.epochs = 1;
        const std::string digest = simulation::whole_run(config).summary.parameters_digest;
        for (const auto progress : {OverlapProgress::receiver, OverlapProgress::none}) {
            config.overlap_progress = progress;
            CHECK(simulation::whole_run(config).summary.parameters_digest == digest);
        }
    }
}

TEST_CASE("codes and updates take the time that they are given, or that of vector operations") {
    using enum backend::Kind;
    scenario::Config config = support::star_of(1);
    config.vector_speed_flops = config.speed_flops / 4;
    const auto time_of = [&](backend::Kind kind) {
        return support::simulate_values(config, [&](comm::Communicator& communicator) {
            const double before_s = communicator.now_s();
            backend::compute({config.speed_flops, kind}, [] {});
            return std::vector{communicator.now_s() - before_s};
        })[0][0];
    };
    for (const backend::Kind kind : {vector, code, update}) CHECK(time_of(kind) == Approx(4).epsilon(1e-12));
    config.code_speed_flops = config.speed_flops / 10;
    config.update_speed_flops = config.speed_flops / 5;
    CHECK(time_of(code) == Approx(10).epsilon(1e-12));
    CHECK(time_of(update) == Approx(5).epsilon(1e-12));
    CHECK(time_of(vector) == Approx(4).epsilon(1e-12));
    config.vector_speed_flops.reset();
    CHECK(time_of(update) == Approx(5).epsilon(1e-12));
    config.update_speed_flops.reset();
    CHECK(time_of(update) == Approx(1).epsilon(1e-12));
}

TEST_CASE("vector operations and copies take the time that they are given") {
    scenario::Config config = support::star_of(1);
    config.vector_speed_flops = config.speed_flops / 4;
    config.copy_bandwidth_Bps = 1e9;
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const auto time_of = [&](const backend::Cost& cost) {
            const double before_s = communicator.now_s();
            backend::compute(cost, [] {});
            return communicator.now_s() - before_s;
        };
        const double computed_s = backend::resource_use().compute_s;
        const double copy_s = time_of({2e9, backend::Kind::copy});
        const double copied_s = backend::resource_use().compute_s - computed_s;
        return std::vector{time_of(config.speed_flops), time_of({config.speed_flops, backend::Kind::model}),
                           copy_s, copied_s};
    });
    CHECK(ranks[0][0] == Approx(4).epsilon(1e-12));
    CHECK(ranks[0][1] == Approx(1).epsilon(1e-12));
    CHECK(ranks[0][2] == Approx(2).epsilon(1e-12));
    CHECK(ranks[0][3] == 0);
}

TEST_CASE("both directions of a link share what its duplex leaves them") {
    for (const double duplex : {2.0, 1.6, 1.0}) {
        scenario::Config config = support::star_of(2);
        config.duplex = duplex;
        const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
            const std::size_t other = 1 - communicator.rank();
            std::vector<float> outgoing(n);
            std::vector<float> incoming(n);
            communicator.barrier();
            const double start_s = communicator.now_s();
            communicator.send_receive(outgoing, other, incoming, other);
            const double exchanged_s = communicator.now_s();
            communicator.rank() == 0 ? communicator.send(outgoing, other)
                                     : communicator.receive(incoming, other);
            return std::vector{exchanged_s - start_s, communicator.now_s() - exchanged_s};
        });
        const double bytes_s = (4.0 * n + simulation::envelope_B) / config.bandwidth_Bps;
        CHECK(ranks[0][0] == Approx(config.latency_s + bytes_s * 2 / duplex).epsilon(1e-9));
        CHECK(ranks[0][1] == Approx(config.latency_s + bytes_s).epsilon(1e-9));
    }
}

}  // namespace test_progress
