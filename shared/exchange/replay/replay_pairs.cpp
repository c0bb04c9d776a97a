// ad-psgd's averages, in the order in which each passive worker did them. A passive worker goes on as far as
// it can: to its next average if the active worker has come to the step that asks for it, or to its own next
// step if no average is left in this one. Who cannot go on waits for a worker that another passive one
// answers; the recorded run shows that some worker always can.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/replay/serial_replay.hpp"

namespace lockstep::exchange {
namespace {

using scenario::Arrival;

class PairReplay {
  public:
    explicit PairReplay(const SerialReplay& replay)
        : replay_(replay),
          steps_(replay.training[0]->steps()),
          answer_(backend::make_buffer(replay.start.size())) {
        const scenario::Config& config = replay.config;
        for (std::size_t i = 0; i < replay.workers(); ++i)
            workers_.push_back({i, travelling_copy(replay.start), backend::make_buffer(replay.start.size()),
                                Optimiser(config.optimiser, config.momentum, replay.start.size()),
                                taken_by(i, replay.arrivals)});
    }

    void run() {
        for (Worker& worker : workers_) start_step(worker);
        if (workers_.size() == 1)
            while (workers_[0].step < steps_) end_step(workers_[0]);
        bool any_went_on = true;
        while (any_went_on) {
            any_went_on = false;
            for (std::size_t passive = 1; passive < workers_.size(); passive += 2)
                any_went_on = go_on(workers_[passive]) || any_went_on;
        }
        for (const Worker& worker : workers_)
            if (worker.step < steps_ || worker.answered < worker.answers.size())
                throw base::InputError(
                    "--replay: the recorded order comes to a standstill with this method; record it again");
    }

  private:
    struct Worker {
        std::size_t number;
        base::FloatBuffer x;
        base::FloatBuffer gradient;
        Optimiser optimiser;
        std::vector<Arrival> answers;  ///< of a passive worker, in order
        std::size_t answered = 0;
        std::uint64_t step = 0;
        std::uint64_t averages = 0;  ///< in this step
    };

    /// As far as the passive worker can; whether it could at all.
    bool go_on(Worker& worker) {
        bool went_on = false;
        for (;; went_on = true) {
            const bool any_left = worker.answered < worker.answers.size();
            const Arrival* next = any_left ? &worker.answers[worker.answered] : nullptr;
            if (next != nullptr && next->version_applied == worker.step) {
                if (workers_[next->worker].step != next->step) return went_on;
                ++worker.answered;
                meet(worker, workers_[next->worker]);
                if (worker.step == steps_ && worker.answered == worker.answers.size()) report(worker);
            } else if (worker.step < steps_) {
                end_step(worker);
            } else {
                return went_on;
            }
        }
    }

    void meet(Worker& passive, Worker& active) {
        copy_values(answer_, passive.x);
        average(passive, active.x);
        average(active, answer_);
        end_step(active);
    }

    static void average(Worker& worker, std::span<const float> other) {
        backend::compute(2 * static_cast<double>(other.size()), [&] {
            base::add(worker.x, other);
            base::scale(worker.x, 0.5F);
        });
        ++worker.averages;
    }

    void start_step(Worker& worker) {
        if (worker.step == steps_) return;
        replay_.training[worker.number]->gradient(worker.step, worker.x, worker.gradient);
        worker.averages = 0;
    }

    void end_step(Worker& worker) {
        const LocalTraining& training = *replay_.training[worker.number];
        worker.optimiser.apply(worker.x, worker.gradient, training.learning_rate(worker.step));
        replay_.journals[worker.number]->applied(
            {worker.number, worker.step, worker.step, worker.step + worker.averages});
        ++worker.step;
        if (worker.step < steps_ || worker.answered == worker.answers.size()) report(worker);
        start_step(worker);
    }

    void report(const Worker& worker) const {
        replay_.journals[worker.number]->worker_share(worker.step, worker.x);
    }

    const SerialReplay& replay_;
    std::uint64_t steps_;
    base::FloatBuffer answer_;
    std::vector<Worker> workers_;
};

}  // namespace

void replay_pairs(const SerialReplay& replay) {
    PairReplay(replay).run();
}

}  // namespace lockstep::exchange
