#include "calibration/timed_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t fewest_steps = 3;
constexpr std::size_t trial_steps = 9;  // that tell the pace, besides the first
constexpr double share_of_trial = 0.1;  // of the time, at most
constexpr std::size_t warm_up = 10;     // one in so many steps
constexpr std::size_t parts = 4;        // after each of which the rest is planned anew
constexpr double share_of_first = 0.2;  // of the time, at most, for a single exchange
constexpr std::size_t first_swap = 64;  // values, where nobody knows the network
constexpr std::size_t swap_factor = 4;
constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
constexpr double most_seldom = 1e6;

/// The smallest number of all ranks, which exchange in the same steps.
std::size_t agreed_minimum(comm::Communicator& communicator, std::size_t mine) {
    return static_cast<std::size_t>(-communicator.agree_on_maximum(-static_cast<int>(mine)));
}

}  // namespace

TimedSteps::TimedSteps(comm::Communicator& communicator, const scenario::Config& config,
                       const run::Problem& problem, Progress* progress)
    : communicator_(communicator),
      progress_(progress),
      trains_(communicator.rank() < config.workers),
      order_(problem.order),
      training_(problem, config, communicator.rank() % config.workers, nullptr),
      w_(problem.parameters),
      received_(problem.parameters) {
    problem.network.initialise(w_, config.seed);
}

void TimedSteps::take_within(const WorkPlan& plan) {
    end_s_ = communicator_.now_s() + plan.step_budget_s;
    const double most_s = share_of_first * plan.step_budget_s;
    const double foreseen_s = plan.exchange_s ? *plan.exchange_s : foreseen_exchange_s(most_s);
    exchange_every_ = foreseen_s < most_s ? 1 : never;
    take(1);
    if (share_of_trial * static_cast<double>(affordable(plan)) > trial_steps) {
        forget();
        take(trial_steps);
    }
    set_pace();
    take(affordable(plan) / warm_up);
    forget();
    std::size_t taken = 0;
    for (std::size_t part = parts; part > 0; --part) {
        std::size_t count = std::min(affordable(plan) / part, plan.most_steps - taken);
        if (taken == 0) count = std::max(count, fewest_steps);
        take(count);
        taken += count;
    }
}

/// By swapping ever more of the parameters, until more of them are foreseen to take longer than that: none
/// take longer than fewer in proportion. The same on all ranks.
double TimedSteps::foreseen_exchange_s(double most_s) {
    if (communicator_.size() == 1) return 0;
    std::size_t values = std::min(first_swap, w_.size());
    while (true) {
        const double value_s = time_of_swap(values) / static_cast<double>(values);
        const double all_s = value_s * static_cast<double>(w_.size());
        const std::size_t next = std::min(swap_factor * values, w_.size());
        if (values == w_.size() || value_s * static_cast<double>(next) > most_s) return all_s;
        values = next;
    }
}

/// The slowest rank's, of the first parameters.
double TimedSteps::time_of_swap(std::size_t values) {
    constexpr double unit_s = 1e-6;
    constexpr double longest_s = 1000;
    communicator_.barrier();
    const double began_s = communicator_.now_s();
    swap(values);
    const double time_s = std::min(communicator_.now_s() - began_s, longest_s);
    return unit_s * communicator_.agree_on_maximum(static_cast<int>(std::ceil(time_s / unit_s)));
}

/// Exchanges must not take longer than all else: on a slow network few steps would be left.
void TimedSteps::set_pace() {
    if (exchange_every_ == never) return;
    const double seldom = std::min(exchange_s_ / std::max(step_s_, 1e-9), most_seldom);
    exchange_every_ = static_cast<std::size_t>(
        std::max(communicator_.agree_on_maximum(static_cast<int>(std::ceil(seldom))), 1));
}

/// Steps for which there is time, on all ranks.
std::size_t TimedSteps::affordable(const WorkPlan& plan) {
    const double left_s = std::max(end_s_ - communicator_.now_s(), 0.0);
    const double each_s = step_s_ + exchange_s_ / static_cast<double>(exchange_every_);
    const auto most = static_cast<double>(plan.most_steps);
    const double steps = each_s > 0 ? std::min(left_s / each_s, most) : most;
    return agreed_minimum(communicator_, static_cast<std::size_t>(steps));
}

void TimedSteps::forget() {
    if (!received_s_.empty()) earlier_received_s_ = std::move(received_s_);
    first_ = next_;
    step_times_s_.clear();
    received_s_.clear();
    again_s_.clear();
    training_s_ = 0;
}

/// Tells the pace by these alone.
void TimedSteps::take(std::size_t steps) {
    if (steps == 0) return;
    communicator_.barrier();
    const double began_s = communicator_.now_s();
    double exchanges_s = 0;
    std::size_t exchanges = 0;
    for (std::size_t i = 0; i < steps; ++i) {
        take_one();
        const bool from_neighbour = ++since_exchange_ >= exchange_every_;
        const double computed_s = communicator_.now_s();
        from_neighbour ? exchange() : base::copy(received_, w_);
        if (from_neighbour) {
            exchanges_s += communicator_.now_s() - computed_s;
            ++exchanges;
        }
        average(from_neighbour);
        if (progress_ != nullptr) progress_->go_on();
    }
    step_s_ = (communicator_.now_s() - began_s - exchanges_s) / static_cast<double>(steps);
    if (exchanges > 0) exchange_s_ = exchanges_s / static_cast<double>(exchanges);
}

void TimedSteps::take_one() {
    const double before_s = backend::resource_use().compute_s;
    const double began_s = communicator_.now_s();
    if (trains_) training_.step(next_, w_);
    training_s_ += communicator_.now_s() - began_s;
    if (trains_ && order_.batch_size(next_ % order_.rounds_per_epoch()) == order_.largest_batch())
        step_times_s_.push_back(backend::resource_use().compute_s - before_s);
    ++next_;
}

void TimedSteps::take_gradient(std::span<float> gradient) {
    if (trains_) training_.gradient(next_++, w_, gradient);
}

/// Swaps parameters with the neighbours.
void TimedSteps::exchange() {
    since_exchange_ = 0;
    if (communicator_.size() == 1) return base::copy(received_, w_);
    swap(w_.size());
}

void TimedSteps::swap(std::size_t values) {
    const std::size_t ranks = communicator_.size();
    const std::size_t rank = communicator_.rank();
    communicator_.send_receive(std::span<const float>(w_).first(values), (rank + 1) % ranks,
                               std::span<float>(received_).first(values), (rank + ranks - 1) % ranks);
}

void TimedSteps::average(bool from_neighbour) {
    const double first_s = time_of_addition();
    if (from_neighbour) received_s_.push_back(first_s);
    again_s_.push_back(time_of_addition());
    base::scale(w_, 1.0F / 3);
}

double TimedSteps::time_of_addition() {
    const double before_s = backend::resource_use().compute_s;
    backend::compute(static_cast<double>(w_.size()), [&] { base::add(w_, received_); });
    return backend::resource_use().compute_s - before_s;
}

void TimedSteps::fill(RankWork& work) const {
    const auto values = static_cast<double>(w_.size());
    work.step_times_s = step_times_s_;
    work.mean_step_s = training_s_ / static_cast<double>(next_ - first_) * full_batches();
    const Fitted again_s = median_of(again_s_);
    if (again_s.lower > 0) work.vector_flops_per_s = inverse(values, again_s);
    const std::vector<double>& first_uses_s = received_s_.empty() ? earlier_received_s_ : received_s_;
    if (first_uses_s.empty()) return;
    const Fitted received_s = median_of(first_uses_s);
    const double byte_values = 4 * values;
    work.first_use_s_per_byte = {std::max(received_s.value - again_s.value, 0.0) / byte_values,
                                 std::max(received_s.lower - again_s.upper, 0.0) / byte_values,
                                 std::max(received_s.upper - again_s.lower, 0.0) / byte_values,
                                 std::min(received_s.samples, again_s.samples)};
}

/// By how much a full batch is larger than the mean of those that were taken.
double TimedSteps::full_batches() const {
    double samples = 0;
    for (std::uint64_t i = first_; i < next_; ++i)
        samples += static_cast<double>(order_.batch_size(i % order_.rounds_per_epoch()));
    return static_cast<double>(order_.largest_batch() * (next_ - first_)) / samples;
}

}  // namespace lockstep::calibration
