#include "run/checkpoint/agreed_legs.hpp"

#include <algorithm>
#include <utility>

#include "base/packing.hpp"
#include "comm/agreement.hpp"

namespace lockstep::run {
namespace {

// What workers agree on in a meeting, in one number: whether the leg ends, and for how many steps it does
// not.
constexpr unsigned bits_of_steps = 28;
constexpr std::uint64_t most_steps = (1U << bits_of_steps) - 1;

constexpr double a_minute_s = 60;

}  // namespace

AgreedLegs::AgreedLegs(comm::Communicator& communicator, comm::Communicator& patient,
                       const scenario::Config& config, const Problem& problem, base::StopSignals& signals,
                       Checkpoints* checkpoints)
    : communicator_(communicator),
      patient_(patient),
      steps_(problem.steps(config)),
      signals_(signals),
      checkpoints_(checkpoints),
      dates_(config, problem.order.rounds_per_epoch(), a_minute_s),
      decider_(scenario::has_dedicated_server(config) ? config.workers : 0) {}

std::optional<RankState> AgreedLegs::begin(std::size_t rank) {
    result::Checkpoint* last = checkpoints_ == nullptr ? nullptr : checkpoints_->last();
    if (communicator_.agree_on_maximum(last != nullptr ? 1 : 0) == 0) return std::nullopt;
    std::vector<std::byte> packed;
    if (last == nullptr) {
        packed = communicator_.receive_bytes(0);
    } else {
        packed = std::move(last->ranks.at(rank));
        for (std::size_t other = 1; other < communicator_.size(); ++other)
            communicator_.send_bytes(last->ranks.at(other), other);
        checkpoints_->forget_last();
    }
    auto state = base::unpack<RankState>(packed);
    dates_.pass(state.elapsed_s, state.steps);
    met_before_ = state.steps;
    met_s_ = state.elapsed_s;
    return state;
}

LegEnd AgreedLegs::wish(std::uint64_t steps, double elapsed_s) {
    constexpr double seldom_s = 0.01;  // a look at signals takes system calls
    if (elapsed_s >= look_at_s_) {
        look_at_s_ = elapsed_s + seldom_s;
        if (signals_.asked()) return LegEnd::stop;
    }
    return dates_.is_due(elapsed_s, steps) ? LegEnd::keep : LegEnd::complete;
}

std::uint64_t AgreedLegs::steps_until_meeting(std::uint64_t step, double elapsed_s) {
    constexpr double wanted_s = 1;
    const double step_s =
        (elapsed_s - met_s_) / static_cast<double>(std::max<std::uint64_t>(step - met_before_, 1));
    const double fitting = std::clamp(wanted_s / step_s, 1.0, 2.0 * static_cast<double>(between_));
    met_before_ = step;
    met_s_ = elapsed_s;
    between_ = std::min(static_cast<std::uint64_t>(fitting), most_steps);
    return std::min(between_, dates_.steps_ahead(elapsed_s, step));
}

/// Rank 0 says when the next checkpoint is due, and the next meeting; any rank may have been asked to stop.
bool AgreedLegs::takes(std::uint64_t step, double elapsed_s) {
    if (step >= steps_) return false;
    if (ends_at_) return step < *ends_at_;
    if (step < sure_until_) return true;
    LegEnd wished = wish(step, elapsed_s);
    std::uint64_t ahead = 0;
    if (communicator_.rank() == 0)
        ahead = std::min(steps_until_meeting(step, elapsed_s), most_steps);
    else if (wished == LegEnd::keep)
        wished = LegEnd::complete;
    const auto said = (static_cast<std::uint64_t>(wished) << bits_of_steps) + ahead;
    const auto agreed = static_cast<std::uint64_t>(communicator_.agree_on_maximum(static_cast<int>(said)));
    end_ = static_cast<LegEnd>(agreed >> bits_of_steps);
    if (end_ == LegEnd::complete) {
        sure_until_ = std::min(step + (agreed & most_steps), steps_);
        return true;
    }
    ends_at_ = step;
    return false;
}

bool AgreedLegs::is_ending(std::uint64_t steps, double elapsed_s) {
    if (end_ == LegEnd::complete) end_ = wish(steps, elapsed_s);
    return end_ != LegEnd::complete;
}

bool AgreedLegs::leave(std::size_t rank, std::uint64_t steps) {
    if (rank == decider_) ended_after_ = steps;
    return end_ == LegEnd::complete;
}

LegEnd AgreedLegs::end(double elapsed_s) {
    if (ended_after_ >= steps_) end_ = LegEnd::complete;
    dates_.pass(elapsed_s, ended_after_);
    auto end = static_cast<LegEnd>(communicator_.agree_on_maximum(static_cast<int>(end_)));
    if (end == LegEnd::keep) {
        const bool is_worth_it = checkpoints_ == nullptr || checkpoints_->is_worth_its_time();
        if (communicator_.agree_on_maximum(is_worth_it ? 0 : 1) == 1) end = LegEnd::go_on;
    }
    is_stopped_ = end == LegEnd::stop;
    ends_at_.reset();
    end_ = LegEnd::complete;
    return end;
}

void AgreedLegs::keep(std::size_t rank, RankState state) {
    if (rank == 0) checkpoints_->begin();
    std::vector<std::vector<std::byte>> kept{base::pack(state)};
    if (rank != 0) communicator_.send_bytes(kept.front(), 0);
    for (std::size_t other = 1; rank == 0 && other < communicator_.size(); ++other)
        kept.push_back(communicator_.receive_bytes(other));
    comm::done_by_first(patient_, [&] { checkpoints_->make(std::move(kept), {}, !is_stopped_); });
}

}  // namespace lockstep::run
