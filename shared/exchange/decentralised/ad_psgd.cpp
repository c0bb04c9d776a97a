// Workers average in pairs, at no common pace. Of each pair one has asked, the other answers when it comes to
// it; nothing is held together by more than two workers at any time. An average conserves the sum of all x_i,
// so the mean of the final x_i is the start vector less the mean of all eta g.
//
// An active worker's step: send x to the partner, compute the gradient at x, take the answer y, set
// x = (x + y) / 2, then x -= eta g. Nothing changes x between the request and the average, so what was sent
// is what is averaged.
// A passive worker's step: compute the gradient at x; for each request z that has arrived by then, answer
// with x and set x = (x + z) / 2; then x -= eta g. After its last step it answers the requests that are still
// to come. It knows how many: partners are drawn by a pure function of seed, worker and step.
//
// On workers 0 and 2 (active) and 1 (passive), who is slower, with x = 8 everywhere and eta g = 4, 0, 2 on
// workers 0, 1, 2 in every step:
//   0 and 2 ask; all compute; 1 answers 0 with 8 and averages: 8; answers 2 with 8 and averages: 8; applies
//   0: 8 (staleness 2).   0 averages: 8, applies 4: 4.   2 averages: 8, applies 2: 6 (staleness 1 each). 0
//   asks with 4, 2 with 6; 1 answers 0 with 8, averages: 6; answers 2 with 6, averages: 6.   0 averages (4 +
//   8) / 2 = 6 and applies 4: 2.   2 averages (6 + 6) / 2 = 6 and applies 2: 4. The sum: 24 at the start, 18
//   after the first steps, 12 after the second ones.
//
// No deadlock: the roles are fixed, and only active workers wait for somebody's answer. A passive one waits
// for nobody before its own last step, or that before which all workers ask whether to go on (Leg): it looks
// which requests are there, and its answers travel to receives that are open, because an active worker
// opens the receive before it sends. So it takes all its steps, answers at least once a step, and then waits
// only for workers that still have a request to make; these wait for nobody but passive workers, for each of
// which the same holds. (If all could ask, three might each wait for the next one's answer.)
//
// A passive worker's slot for an active one: its inbox is open again at once; the answer in `sent` has
// arrived before the next request does, since the active worker asks again only after it got it.
//
// In a replay a passive worker waits, in each step, for those requests that it answered in this step of the
// recorded run; there they had been made by then, by active workers that had waited for the same answers
// before.
//
// A receive for each active worker is open on every passive one, c^2 / 4 in all, with two vectors each: fine
// for some hundred workers.
//
// Staleness: the averages between a gradient's computation and its application. 1 on an active worker; on a
// passive one the requests that it answers in a step, at most one of each active worker.
#include "exchange/decentralised/ad_psgd.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "backend/backend.hpp"
#include "base/random.hpp"
#include "base/vector_math.hpp"

namespace lockstep::exchange {
namespace {

bool is_active(std::size_t worker) {
    return worker % 2 == 0;
}
std::size_t active_workers(std::size_t workers) {
    return (workers + 1) / 2;
}

constexpr double average_flops = 2;  // a value

/// x = (x + other) / 2.
void average_pair(std::span<float> x, std::span<const float> other) {
    backend::compute({average_flops * static_cast<double>(x.size()), backend::Kind::update}, [&] {
        base::add(x, other);
        base::scale(x, 0.5F);
    });
}

/// What both roles do with their x.
class Walk {
  public:
    explicit Walk(Participant& participant)
        : participant_(participant),
          optimiser_(participant.team.optimising.make(participant.start.size())),
          x_(travelling_copy(participant.start)),
          gradient_(backend::make_buffer(participant.start.size())) {}

    /// Number of the worker's next step.
    std::uint64_t& step() { return step_; }
    std::span<const float> x() const { return x_; }

    void compute_gradient(std::uint64_t step) {
        participant_.training.gradient(step, x_, gradient_);
        averages_ = 0;
    }
    void average_with(std::span<const float> other) {
        average_pair(x_, other);
        ++averages_;
    }
    void apply_gradient(std::uint64_t step) {
        optimiser_->apply(x_, gradient_, participant_.training.learning_rate(step));
        participant_.journal.applied({participant_.rank(), step, step, step + averages_});
    }
    /// x has changed between two steps.
    void report_average(std::uint64_t steps) { participant_.journal.worker_share(steps, x_); }
    void report(std::uint64_t step) {
        participant_.journal.worker_share(step + 1, x_);
        participant_.journal.own_parameters(step, x_);
    }

  private:
    Participant& participant_;
    std::unique_ptr<Optimiser> optimiser_;
    base::FloatBuffer x_;
    base::FloatBuffer gradient_;
    std::uint64_t averages_ = 0;  ///< since the gradient was computed
    std::uint64_t step_ = 0;
    Kept<base::FloatBuffer> keeps_x_{participant_.leg, "x", x_};
    Kept<Optimiser> keeps_optimiser_{participant_.leg, "optimiser", *optimiser_};
    Kept<std::uint64_t> keeps_step_{participant_.leg, "step", step_};
};

void ask(Participant& participant) {
    comm::Communicator& communicator = participant.communicator;
    const bool alone = participant.workers() == 1;
    Walk walk(participant);
    base::FloatBuffer answer = backend::make_buffer(alone ? 0 : participant.start.size());
    for (std::uint64_t& step = walk.step(); participant.takes(step); ++step) {
        comm::Request request;
        comm::Request reply;
        if (!alone) {
            const std::size_t partner =
                ad_psgd_partner(participant.team.seed, participant.workers(), participant.rank(), step);
            request = communicator.start_send(walk.x(), partner);
            reply = communicator.start_receive(answer, partner);
        }
        walk.compute_gradient(step);
        communicator.wait(request);
        communicator.wait(reply);
        if (!alone) walk.average_with(answer);
        walk.apply_gradient(step);
        walk.report(step);
    }
}

/// A passive worker's side of its averages.
class Answers {
  public:
    Answers(Participant& participant, Walk& walk)
        : participant_(participant),
          communicator_(participant.communicator),
          walk_(walk),
          slots_(active_workers(participant.workers())),
          arrivals_(slots_.size()) {
        for (Slot& slot : slots_) {
            slot.inbox = backend::make_buffer(participant.start.size());
            slot.sent = backend::make_buffer(participant.start.size());
        }
    }

    /// Those of active workers' steps from `first` on and before `end` are to come. None is still to come.
    void expect_those_of(std::uint64_t first, std::uint64_t end) {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            Slot& slot = slots_[i];
            slot.asks_in.clear();
            slot.answered = 0;
            for (std::uint64_t step = first; step < end; ++step)
                if (ad_psgd_partner(participant_.team.seed, participant_.workers(), 2 * i, step) ==
                    participant_.rank())
                    slot.asks_in.push_back(static_cast<std::uint32_t>(step));
            to_come_ += slot.asks_in.size();
            expect(i);
        }
    }

    /// Those that have arrived: one of each active worker at most, so that it comes to its own steps however
    /// fast they ask.
    void give_those_due(std::uint64_t own_steps) {
        if (participant_.order != nullptr && participant_.order->is_forced()) return give_forced(own_steps);
        for (std::size_t given = 0; given < slots_.size(); ++given) {
            const auto found = communicator_.find_done(arrivals_);
            if (!found) return;
            give(*found, own_steps);
        }
    }

    void give_all_to_come(std::uint64_t own_steps) {
        give_forced(own_steps);
        while (to_come_ > 0) give(communicator_.wait_any(arrivals_), own_steps);
        for (Slot& slot : slots_) communicator_.wait(slot.reply);
    }

  private:
    /// What is kept for one active worker.
    struct Slot {
        base::FloatBuffer inbox;
        base::FloatBuffer sent;
        comm::Request reply;
        std::vector<std::uint32_t> asks_in;  ///< the steps whose partner this worker is
        std::size_t answered = 0;            ///< of these
    };

    /// In a replay: those that were answered when this worker had taken so many steps of its own.
    void give_forced(std::uint64_t own_steps) {
        for (;;) {
            const Arrival* next = participant_.next_arrival();
            if (next == nullptr || next->version_applied != own_steps) return;
            communicator_.wait_for(arrivals_, next->worker / 2);
            give(next->worker / 2, own_steps);
        }
    }

    void expect(std::size_t i) {
        if (slots_[i].answered < slots_[i].asks_in.size())
            arrivals_[i] = communicator_.start_receive(slots_[i].inbox, 2 * i);
    }

    void give(std::size_t i, std::uint64_t own_steps) {
        Slot& slot = slots_[i];
        const std::uint32_t step = slot.asks_in.at(slot.answered);
        participant_.take({static_cast<std::uint32_t>(participant_.rank()), static_cast<std::uint32_t>(2 * i),
                           step, step, static_cast<std::uint32_t>(own_steps)});
        communicator_.wait(slot.reply);
        copy_values(slot.sent, walk_.x());
        slot.reply = communicator_.start_send(slot.sent, 2 * i);
        walk_.average_with(slot.inbox);
        walk_.report_average(std::min(own_steps, participant_.training.steps() - 1));
        ++slot.answered;
        --to_come_;
        expect(i);
    }

    Participant& participant_;
    comm::Communicator& communicator_;
    Walk& walk_;
    std::vector<Slot> slots_;
    std::vector<comm::Request> arrivals_;
    std::uint64_t to_come_ = 0;  ///< before workers ask Leg::takes() together
};

void answer(Participant& participant) {
    Walk walk(participant);
    Answers answers(participant, walk);
    std::uint64_t end = 0;
    for (std::uint64_t& step = walk.step(); participant.takes(step); ++step) {
        if (step >= end) {
            const std::uint64_t first = step;
            end = participant.sure_until();
            answers.expect_those_of(first, end);
        }
        walk.compute_gradient(step);
        answers.give_those_due(step);
        walk.apply_gradient(step);
        if (step + 1 == end) answers.give_all_to_come(end);  // only then x is what this worker goes on from
        walk.report(step);
    }
}

}  // namespace

void AdPsgd::train(Participant& participant) const {
    return is_active(participant.rank()) ? ask(participant) : answer(participant);
}

/// Passive workers take part in as many averages as active ones, one each step of theirs.
std::vector<UpdateKernel> AdPsgd::worker_updates(const Optimising& optimising, const Work& work) const {
    std::vector<UpdateKernel> kernels{optimising.kernel(work.values, 1)};
    if (work.workers == 1) return kernels;
    const double a_step =
        2 * static_cast<double>(active_workers(work.workers)) / static_cast<double>(work.workers);
    const auto begin = [](std::span<const float> start) -> UpdateKernel::Action {
        const auto x = std::make_shared<base::FloatBuffer>(travelling_copy(start));
        return [x](std::span<float> other) { average_pair(*x, other); };
    };
    kernels.push_back({"mean of a pair", a_step, average_flops * static_cast<double>(work.values), begin});
    return kernels;
}

std::optional<comm::Traffic> AdPsgd::traffic(const Work& work) const {
    if (work.workers == 1) return comm::Traffic{};
    const std::uint64_t messages = 2 * work.steps * active_workers(work.workers);
    return comm::Traffic{messages, messages * 4 * work.values};
}

/// Those of even rank ask any of odd rank.
void AdPsgd::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    for (std::size_t asker = 0; asker < workers; asker += 2)
        for (std::size_t asked = 1; asked < workers; asked += 2) visit(asker, asked);
}

std::size_t ad_psgd_partner(std::uint64_t seed, std::size_t workers, std::size_t worker, std::uint64_t step) {
    base::RandomStream stream(seed, base::Purpose::gossip_partner, static_cast<std::uint32_t>(worker),
                              static_cast<std::uint32_t>(step));
    return 2 * stream.below(static_cast<std::uint32_t>(workers / 2)) + 1;
}

}  // namespace lockstep::exchange
