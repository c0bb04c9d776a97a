#include "run/checkpoint/common_legs.hpp"

#include <algorithm>
#include <utility>

#include "base/packing.hpp"

namespace lockstep::run {

CommonLegs::CommonLegs(const scenario::Config& config, const Problem& problem, Checkpoints& checkpoints,
                       JointParameters* joint)
    : steps_(problem.steps(config)),
      steps_per_epoch_(problem.order.rounds_per_epoch()),
      ranks_(scenario::rank_count(config)),
      decider_(scenario::has_dedicated_server(config) ? config.workers : 0),
      checkpoints_(checkpoints),
      joint_(joint),
      dates_(config, problem.order.rounds_per_epoch(), std::uint64_t{1}) {}

std::optional<RankState> CommonLegs::begin(std::size_t rank) {
    checkpoints_.watch_signals();  // not before: the engine has a handler of its own
    result::Checkpoint* last = checkpoints_.last();
    if (last == nullptr) return std::nullopt;
    if (joint_ != nullptr && rank == 0 && !last->together.empty()) joint_->take_up(last->together);
    auto state = base::unpack<RankState>(std::exchange(last->ranks.at(rank), {}));
    if (rank == decider_) dates_.pass(state.elapsed_s, state.steps);
    if (++taken_up_ == ranks_) checkpoints_.forget_last();
    return state;
}

bool CommonLegs::is_due(std::uint64_t steps, double elapsed_s) {
    constexpr double seldom_s = 0.01;  // a look takes as long as a part of a simulated message
    const double now_s = checkpoints_.now_s();
    if (now_s >= look_at_s_) {
        look_at_s_ = now_s + seldom_s;
        if (checkpoints_.is_stop_asked()) end_ = LegEnd::stop;
    }
    if (end_ == LegEnd::complete && dates_.is_due(elapsed_s, steps)) end_ = LegEnd::keep;
    return end_ != LegEnd::complete;
}

bool CommonLegs::takes(std::uint64_t step, double elapsed_s) {
    if (step >= steps_) return false;
    if (ends_at_) return step < *ends_at_;
    if (step < sure_until_) return true;
    if (is_due(step, elapsed_s)) {
        ends_at_ = step;
        return false;
    }
    sure_until_ = step + 1;
    return true;
}

std::uint64_t CommonLegs::sure_until(double elapsed_s) {
    if (ends_at_) return *ends_at_;
    if (sure_until_ <= promised_) return promised_;  // somebody has asked before
    // No more than an epoch: a signal is not to wait for longer.
    const std::uint64_t step = sure_until_ - 1;
    const std::uint64_t ahead = std::min(dates_.steps_ahead(elapsed_s, step), steps_per_epoch_);
    sure_until_ = std::max(sure_until_, std::min(step + ahead, steps_));
    promised_ = sure_until_;
    return promised_;
}

bool CommonLegs::is_ending(std::uint64_t steps, double elapsed_s) {
    return end_ != LegEnd::complete || is_due(steps, elapsed_s);
}

bool CommonLegs::leave(std::size_t rank, std::uint64_t steps) {
    if (rank == decider_) ended_after_ = steps;
    return end_ == LegEnd::complete;
}

LegEnd CommonLegs::end(double elapsed_s) {
    if (arrived_ == 0) {
        dates_.pass(elapsed_s, ended_after_);
        if (ended_after_ >= steps_) end_ = LegEnd::complete;
        if (end_ == LegEnd::keep && !checkpoints_.is_worth_its_time()) end_ = LegEnd::go_on;
        checkpoints_.begin();
    }
    const LegEnd end = end_;
    if (++arrived_ < ranks_ || end == LegEnd::stop) return end;
    arrived_ = 0;
    ends_at_.reset();
    end_ = LegEnd::complete;
    return end;
}

void CommonLegs::keep(std::size_t rank, RankState state) {
    if (ranks_kept_ == 0) {
        kept_.resize(ranks_);
        if (joint_ != nullptr) joint_kept_ = base::pack(*joint_);  // who stops takes its snapshots
    }
    kept_[rank] = base::pack(state);
    if (++ranks_kept_ < ranks_) return;
    ranks_kept_ = 0;
    checkpoints_.make(std::exchange(kept_, {}), std::exchange(joint_kept_, {}), end_ != LegEnd::stop);
}

}  // namespace lockstep::run
