// What a server, or a token, does with workers that step on parameters of their own: each message is the
// worker's steps since its last one, one update of v, and, where a pull is due, v for the worker.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "exchange/replay/serial_replay.hpp"
#include "exchange/server/easgd.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/update_rule.hpp"
#include "exchange/synchronous/local_sgd.hpp"

namespace lockstep::exchange {
namespace {

struct Worker {
    base::FloatBuffer w;         ///< on which it steps
    base::FloatBuffer received;  ///< what it stepped from, as the server knows it
    std::uint64_t version_read = 0;
    std::uint64_t steps_left = 0;  ///< until its next pull
};

std::vector<Worker> workers_of(const SerialReplay& replay, const Grants& grants) {
    std::vector<Worker> workers(replay.workers());
    for (std::size_t i = 0; i < workers.size(); ++i) {
        workers[i].w = travelling_copy(replay.start);
        workers[i].received = travelling_copy(replay.start);
        workers[i].steps_left = grants.first(i);
    }
    return workers;
}

void take_steps(const SerialReplay& replay, const scenario::Arrival& arrival, std::uint64_t steps,
                std::span<float> w) {
    for (std::uint64_t k = 0; k < steps; ++k) replay.training[arrival.worker]->step(arrival.step + k, w);
}

void replay_updates(const SerialReplay& replay) {
    const scenario::Config& config = replay.config;
    const bool has_intervals = config.method == scenario::Method::by_arrival;
    const std::uint64_t push_every = has_intervals ? config.push_every : 1;
    const UpdateRule rule(config);
    const Grants grants(replay.training[0]->steps(), replay.workers(), has_intervals ? config.pull_every : 1);
    ReplayedVector v(replay);
    std::vector<Worker> workers = workers_of(replay, grants);
    for (const scenario::Arrival& arrival : replay.arrivals) {
        Worker& worker = workers[arrival.worker];
        v.require(arrival, worker.version_read);
        const std::uint64_t steps = std::min(push_every, worker.steps_left);
        take_steps(replay, arrival, steps, worker.w);
        rule.apply(v.values(), worker.w, worker.received, v.version() - worker.version_read);
        v.contribute(arrival, steps);
        v.changed();
        worker.steps_left -= steps;
        ++worker.version_read;
        if (worker.steps_left == 0) {
            copy_values(worker.w, v.values());
            worker.version_read = v.version();
            worker.steps_left = grants.period();
        }
        copy_values(worker.received, worker.w);
    }
    v.end();
}

void replay_springs(const SerialReplay& replay) {
    const LocalTraining& training = *replay.training[0];
    const Grants grants(training.steps(), replay.workers(),
                        period_of(replay.config, training.steps_per_epoch(), training.steps()));
    const float share = elasticity(replay.config);
    const auto approach = [&](std::span<float> a, std::span<const float> b) {
        backend::compute(3 * static_cast<double>(a.size()),
                         [&] { base::add_scaled_difference(a, b, a, share); });
    };
    ReplayedVector v(replay);
    std::vector<Worker> workers = workers_of(replay, grants);
    for (const scenario::Arrival& arrival : replay.arrivals) {
        Worker& worker = workers[arrival.worker];
        v.require(arrival, worker.version_read);
        take_steps(replay, arrival, worker.steps_left, worker.w);
        copy_values(worker.received, v.values());
        approach(v.values(), worker.w);
        approach(worker.w, worker.received);
        v.contribute(arrival, worker.steps_left);
        v.changed();
        worker.version_read = v.version();
        worker.steps_left = grants.period();
    }
    v.end();
}

}  // namespace

void replay_parameters(const SerialReplay& replay) {
    return replay.config.method == scenario::Method::easgd ? replay_springs(replay) : replay_updates(replay);
}

}  // namespace lockstep::exchange
