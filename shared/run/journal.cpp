#include "run/journal.hpp"

#include <algorithm>
#include <limits>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::run {
namespace {

/// Room for updates that is made before the clock starts; longer runs grow it on the way.
constexpr std::uint64_t most_reserved = 1'000'000;
constexpr std::size_t most_reserved_B = 256UL * 1024 * 1024;  // of copies; more are made room for on the way

/// Whether workers meet rank 0 where it copies v, and would wait for it if they did not copy as well.
bool meets_rank_0(const scenario::Config& config, std::size_t rank) {
    return rank > 0 && rank < config.workers && exchange::meets(*scenario::method_of(config)) &&
           !backend::time_is_simulated() && backend::arithmetic_is_real();
}

}  // namespace

Journal::Journal(const comm::Communicator& communicator, const scenario::Config& config,
                 const KeepingSchedule& schedule, JointParameters* joint, events::Recorder* recorder)
    : communicator_(communicator),
      config_(config),
      schedule_(schedule),
      joint_(joint),
      recorder_(recorder),
      rank_(communicator.rank()),
      is_server_(rank_ >= config.workers),
      is_jointly_held_(is_held_jointly(config)),
      meets_rank_0_(meets_rank_0(config, rank_)) {
    const std::uint64_t steps = config.epochs * schedule.tests().rounds_per_epoch;
    updates_.reserve(std::min(is_server_ ? steps * config.workers : steps, most_reserved));
    if (is_jointly_held_) progress_s_.reserve(std::min(steps, most_reserved));
}

void Journal::reserve(std::size_t values) {
    const std::uint64_t steps = config_.epochs * schedule_.tests().rounds_per_epoch;
    std::size_t wanted =
        exchange::holds_v(*scenario::method_of(config_), config_.workers, rank_) || meets_rank_0_
            ? schedule_.count(steps)
            : 0;
    if (!is_server_ && config_.evaluate == scenario::Evaluate::workers)
        wanted += config_.epochs * schedule_.tests().evaluations;
    wanted = std::min(wanted, most_reserved_B / (sizeof(float) * std::max<std::size_t>(values, 1)));
    snapshots_.reserve(wanted);
    spare_.reserve(wanted);
    while (spare_.size() < wanted) spare_.emplace_back(values);
}

void Journal::begin_at(std::uint64_t first_step, double elapsed_s) {
    first_step_ = first_step;
    shared_steps_ = first_step;
    own_steps_ = first_step;
    steps_of_v_ = first_step;
    if (is_jointly_held_) progress_s_.resize(first_step, elapsed_s);
}

bool Journal::fits(std::size_t values) const {
    const bool has_values = backend::arithmetic_is_real();
    const auto is_of_run = [&](const Snapshot& snapshot) {
        const std::size_t size = snapshot.values.size();
        const bool has_part = snapshot.of == Snapshot::Of::part && size <= values;
        return snapshot.of >= Snapshot::Of::shared && snapshot.of <= Snapshot::Of::part &&
               (has_part || size == (has_values ? values : 0));
    };
    const auto is_of_worker = [&](const exchange::Update& update) { return update.worker < config_.workers; };
    return std::ranges::all_of(snapshots_, is_of_run) && std::ranges::all_of(updates_, is_of_worker);
}

void Journal::start_parameters(std::span<const float> v) {
    if (joint_ != nullptr) joint_->begin(v, first_step_);
    if (rank_ == 0) record_evaluation();
}

void Journal::applied(const exchange::Update& update) {
    updates_.push_back(
        {update.worker, first_step_ + update.step, update.version_read, update.version_applied});
    if (recorder_ == nullptr || !recorder_->is_on()) return;
    events::Event event;
    event.kind = events::Kind::apply;
    event.begin_s = communicator_.now_s();
    event.peer = static_cast<std::uint32_t>(update.worker);
    event.version = update.version_applied;
    event.staleness = static_cast<std::uint32_t>(update.version_applied - update.version_read);
    recorder_->add(event);
}

void Journal::shared_parameters(std::uint64_t steps, std::span<const float> v) {
    steps += first_step_;
    steps_of_v_ = std::max(steps_of_v_, steps);
    if (joint_ == nullptr) return keep_shared(Snapshot::Of::shared, steps, v);
    if (joint_->agree(steps, v, moment())) record_evaluation();
}

void Journal::worker_share(std::uint64_t steps, std::span<const float> w) {
    steps += first_step_;
    if (joint_ == nullptr) {
        keep_shared(Snapshot::Of::share_of_mean, steps, w);
    } else if (joint_->hold({.holder = rank_, .steps = steps, .values = w}, moment())) {
        record_evaluation();
    }
    note_progress(steps);
}

void Journal::server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) {
    steps += first_step_;
    steps_of_v_ = std::max(steps_of_v_, steps);
    const JointParameters::Share share{rank_ - config_.workers, steps, part, first, updates_of_v()};
    if (joint_ == nullptr) {
        keep_shared(Snapshot::Of::part, steps, part);
    } else if (joint_->hold(share, moment())) {
        record_evaluation();
    }
    note_progress(steps);
}

void Journal::interrupted(std::uint64_t contributions, std::span<const float> v) {
    contributions += first_step_ * config_.workers;
    const bool is_new = snapshots_.empty() || snapshots_.back().updates != contributions;
    if (contributions > 0 && is_new) take(Snapshot::Of::shared, contributions, v, {.for_test = true});
}

void Journal::own_parameters(std::uint64_t step, std::span<const float> w) {
    step += first_step_;
    const bool is_kept = config_.evaluate == scenario::Evaluate::workers;
    if (is_kept && schedule_.tests().is_due(step + 1, own_steps_))
        take(Snapshot::Of::worker, step + 1, w, {.for_test = true});
    own_steps_ = step + 1;
    note_progress(step + 1);
    if (meets_rank_0_ && shared_steps_ <= step) {
        if (schedule_.due(step + 1, shared_steps_).is_kept()) copy_like_rank_0(w);
        shared_steps_ = step + 1;
    }
}

void Journal::note_progress(std::uint64_t steps) {
    if (is_jointly_held_ && progress_s_.size() < steps) progress_s_.resize(steps, elapsed_s());
}

void Journal::keep_shared(Snapshot::Of of, std::uint64_t steps, std::span<const float> values) {
    const Kept kept = schedule_.due(steps, shared_steps_);
    shared_steps_ = steps;
    if (!kept.is_kept()) return;
    take(of, is_server_ ? updates_of_v() : steps * config_.workers, values, kept);
}

void Journal::copy_like_rank_0(std::span<const float> values) {
    const double before_s = elapsed_s();
    if (!spare_.empty() && spare_.front().size() == values.size()) {
        base::copy(spare_.front(), values);
        // The next one is no more in the cache than rank 0's. (std::ranges::rotate is too much for clang 14.)
        std::rotate(spare_.begin(), spare_.begin() + 1, spare_.end());
    }
    copying_s_ = communicator_.now_s() - start_s_ - before_s;
}

JointParameters::Moment Journal::moment() const {
    const auto energy = backend::energy_used();
    return {elapsed_s(),
            energy ? energy->hosts_J + energy->links_J : std::numeric_limits<double>::quiet_NaN()};
}

void Journal::take(Snapshot::Of of, std::uint64_t updates, std::span<const float> values, Kept kept) {
    const JointParameters::Moment now = moment();
    snapshots_.push_back({of, updates, now.elapsed_s, now.energy_J, copy(values), kept});
    copying_s_ = communicator_.now_s() - start_s_ - now.elapsed_s;
    if (kept.for_test) record_evaluation();
}

base::FloatBuffer Journal::copy(std::span<const float> values) {
    if (!backend::arithmetic_is_real()) return {};
    base::FloatBuffer buffer;
    if (!spare_.empty() && spare_.back().size() == values.size()) {
        buffer = std::move(spare_.back());
        spare_.pop_back();
    } else {
        buffer = base::FloatBuffer(values.size());
    }
    base::copy(buffer, values);
    return buffer;
}

void Journal::record_evaluation() {
    if (recorder_ == nullptr) return;
    events::Event event;
    event.kind = events::Kind::evaluate;
    event.begin_s = communicator_.now_s();
    recorder_->add(event);
}

}  // namespace lockstep::run
