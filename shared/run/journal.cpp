#include "run/journal.hpp"

#include <algorithm>
#include <limits>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::run {
namespace {

/// Room for updates that is made before the clock starts; longer runs grow it on the way.
constexpr std::uint64_t most_reserved = 1'000'000;

}  // namespace

Journal::Journal(const comm::Communicator& communicator, std::size_t rank, const scenario::Config& config,
                 const EvaluationSchedule& schedule, events::Recorder* recorder)
    : communicator_(communicator),
      config_(config),
      schedule_(schedule),
      recorder_(recorder),
      holds_v_(rank >= config.workers) {
    const std::uint64_t steps = config.epochs * schedule.rounds_per_epoch;
    updates_.reserve(std::min(holds_v_ ? steps * config.workers : steps, most_reserved));
}

void Journal::applied(const exchange::Update& update) {
    updates_.push_back(update);
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
    keep_shared(Snapshot::Of::shared, steps, v);
}

void Journal::worker_share(std::uint64_t steps, std::span<const float> w) {
    keep_shared(Snapshot::Of::share_of_mean, steps, w);
}

void Journal::server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) {
    const std::size_t before = snapshots_.size();
    keep_shared(Snapshot::Of::part, steps, part);
    if (snapshots_.size() == before) return;
    // Servers may come past a moment with different numbers of steps; for all it is the same moment.
    snapshots_.back().steps = static_cast<double>(schedule_.last_due(steps));
    snapshots_.back().first = first;
}

void Journal::interrupted(double steps, std::uint64_t contributions, std::span<const float> v) {
    const bool is_new = snapshots_.empty() || snapshots_.back().updates != contributions;
    if (contributions > 0 && is_new) take(Snapshot::Of::shared, steps, contributions, v);
}

void Journal::own_parameters(std::uint64_t step, std::span<const float> w) {
    if (config_.evaluate != scenario::Evaluate::workers) return;
    if (schedule_.is_due(step + 1, own_steps_))
        take(Snapshot::Of::worker, static_cast<double>(step + 1), step + 1, w);
    own_steps_ = step + 1;
}

void Journal::keep_shared(Snapshot::Of of, std::uint64_t steps, std::span<const float> values) {
    if (schedule_.is_due(steps, shared_steps_))
        take(of, static_cast<double>(steps), holds_v_ ? updates_.size() : steps * config_.workers, values);
    shared_steps_ = steps;
}

void Journal::take(Snapshot::Of of, double steps, std::uint64_t updates, std::span<const float> values) {
    Snapshot snapshot{of, steps, updates, elapsed_s(), std::numeric_limits<double>::quiet_NaN(), {}};
    if (const auto energy = backend::energy_used()) snapshot.energy_J = energy->hosts_J + energy->links_J;
    if (backend::arithmetic_is_real()) {
        snapshot.values = base::FloatBuffer(values.size());
        base::copy(snapshot.values, values);
    }
    if (recorder_ != nullptr) {
        events::Event event;
        event.kind = events::Kind::evaluate;
        event.begin_s = start_s_ + snapshot.elapsed_s;
        recorder_->add(event);
    }
    snapshots_.push_back(std::move(snapshot));
}

}  // namespace lockstep::run
