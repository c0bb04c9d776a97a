// What a server does with workers that send gradients. When a worker got v again does not follow from the
// order alone (replies may be held back), but the order tells: it is the version that its next step read. So
// a gradient is taken as soon as v has the version that it starts from, and kept until its message is taken.
//
// On workers 0, 1 with the arrivals (worker, read, applied)  0,0,0  0,1,1  1,0,2  1,3,3:
//   v0: gradients of 0 and 1;  0's makes v1: its next gradient;  that makes v2;  1's makes v3: its next one
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "exchange/gradient_code.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/replay/serial_replay.hpp"
#include "exchange/server/staleness.hpp"

namespace lockstep::exchange {
namespace {

using scenario::Arrival;
using scenario::Method;

class GradientReplay {
  public:
    explicit GradientReplay(const SerialReplay& replay)
        : replay_(replay),
          config_(replay.config),
          v_(replay),
          code_(config_, replay.training[0]->blocks(), replay.start.size()),
          optimiser_(config_.optimiser, config_.momentum, replay.start.size()),
          sum_(backend::make_buffer(replay.start.size())),
          room_(backend::make_buffer(replay.start.size())) {
        if (config_.method == Method::dc_asgd &&
            config_.compensation_rule != scenario::Compensation::constant)
            mean_square_ = backend::make_buffer(replay.start.size());
        for (std::size_t i = 0; i < replay.workers(); ++i) add_worker(i);
        for (const Arrival& arrival : replay.arrivals) readers_[arrival.version_read].push_back(&arrival);
    }

    void run() {
        take_gradients();
        std::vector<const Arrival*> round;
        for (const Arrival& arrival : replay_.arrivals) {
            if (arrival.dropped) continue;
            if (!round.empty() && round.front()->version_applied != arrival.version_applied) step_by(round);
            v_.require(arrival, workers_[arrival.worker].version_read);
            round.push_back(&arrival);
        }
        if (!round.empty()) step_by(round);
        v_.end();
    }

  private:
    struct Worker {
        base::FloatBuffer gradient;
        base::FloatBuffer words;  ///< of it, as they would travel
        base::FloatBuffer w;      ///< at which it was taken; dc-asgd
        std::optional<GradientEncoder> encoder;
        std::uint64_t version_read = 0;
    };

    void add_worker(std::size_t number) {
        const std::size_t values = replay_.start.size();
        Worker& worker = workers_.emplace_back();
        worker.gradient = backend::make_buffer(values);
        worker.words = backend::make_buffer(code_.words());
        if (config_.method == Method::dc_asgd) worker.w = backend::make_buffer(values);
        worker.encoder.emplace(config_, number, replay_.training[number]->blocks(), values);
    }

    /// Those that start from v as it is now.
    void take_gradients() {
        const auto found = readers_.find(v_.version());
        if (found == readers_.end()) return;
        for (const Arrival* arrival : found->second) {
            Worker& worker = workers_[arrival->worker];
            LocalTraining& training = *replay_.training[arrival->worker];
            training.gradient(arrival->step, v_.values(), worker.gradient);
            copy_values(worker.words, worker.encoder->encode(arrival->step, worker.gradient,
                                                             training.learning_rate(arrival->step)));
            if (worker.w.size() > 0) copy_values(worker.w, v_.values());
            worker.version_read = v_.version();
        }
    }

    /// The mean of a round's gradients, or the only one, enters v.
    void step_by(std::vector<const Arrival*>& round) {
        std::ranges::sort(round, {}, &Arrival::worker);
        backend::compute(2 * static_cast<double>(round.size() * sum_.size()), [&] { add_up(round); });
        if (config_.method == Method::dc_asgd) compensate(workers_[round.front()->worker].w);
        optimiser_.apply(v_.values(), sum_, weight(round) * code_.receiver_rate(rate(round)));
        for (const Arrival* arrival : round) v_.contribute(*arrival);
        if (config_.method == Method::backup_workers)
            v_.changed(v_.version() + 1);
        else
            v_.changed();
        round.clear();
        take_gradients();
    }

    void add_up(const std::vector<const Arrival*>& round) {
        for (const Arrival* arrival : round) {
            const std::span<float> gradient = code_.decode(workers_[arrival->worker].words, room_);
            const float share =
                config_.method == Method::softsync ? weight_of(config_, staleness(*arrival)) : 1;
            if (arrival == round.front()) {
                base::copy(sum_, gradient);
                base::scale(sum_, share);
            } else {
                base::add_scaled(sum_, gradient, share);
            }
        }
        code_.combine(sum_, round.size());
    }

    void compensate(std::span<const float> w) {
        const auto lambda = static_cast<float>(config_.compensation);
        if (lambda == 0) return;
        const auto values = static_cast<double>(sum_.size());
        if (mean_square_.size() == 0)
            return backend::compute(5 * values, [&] { base::compensate(sum_, v_.values(), w, lambda); });
        backend::compute(11 * values, [&] {
            base::compensate_adaptively(sum_, v_.values(), w, lambda, mean_square_,
                                        static_cast<float>(config_.compensation_decay));
        });
    }

    static std::uint64_t staleness(const Arrival& arrival) {
        return arrival.version_applied - arrival.version_read;
    }

    float weight(const std::vector<const Arrival*>& round) const {
        return config_.method == Method::softsync ? 1 : weight_of(config_, staleness(*round.front()));
    }

    float rate(const std::vector<const Arrival*>& round) const {
        std::uint64_t steps = 0;
        for (const Arrival* arrival : round) steps += arrival->step;
        const bool counts_rounds = config_.method == Method::backup_workers;
        return replay_.training[0]->learning_rate(counts_rounds ? v_.version() : steps / round.size());
    }

    const SerialReplay& replay_;
    const scenario::Config& config_;
    ReplayedVector v_;
    GradientCode code_;
    Optimiser optimiser_;
    base::FloatBuffer sum_;
    base::FloatBuffer room_;
    base::FloatBuffer mean_square_;  ///< where the compensation adapts
    std::vector<Worker> workers_;
    std::map<std::uint64_t, std::vector<const Arrival*>> readers_;  ///< steps by the version they start from
};

}  // namespace

void replay_gradients(const SerialReplay& replay) {
    GradientReplay(replay).run();
}

}  // namespace lockstep::exchange
