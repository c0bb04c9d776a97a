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

Journal::Journal(const comm::Communicator& communicator, const scenario::Config& config,
                 const EvaluationSchedule& schedule)
    : communicator_(communicator), config_(config), schedule_(schedule) {
    const std::uint64_t steps = config.epochs * schedule.rounds_per_epoch;
    const bool applies_all = communicator.rank() >= config.workers;
    updates_.reserve(std::min(applies_all ? steps * config.workers : steps, most_reserved));
}

void Journal::shared_parameters(std::uint64_t steps, std::span<const float> v) {
    keep(steps, true, v);
}

void Journal::interrupted(std::uint64_t contributions, std::span<const float> v) {
    const bool is_new = snapshots_.empty() || snapshots_.back().updates != contributions;
    if (contributions > 0 && is_new) take(contributions, true, v);
}

void Journal::own_parameters(std::uint64_t step, std::span<const float> w) {
    if (config_.evaluate == scenario::Evaluate::workers) keep(step + 1, false, w);
}

void Journal::keep(std::uint64_t steps, bool shared, std::span<const float> values) {
    if (schedule_.is_due(steps)) take(shared ? steps * config_.workers : steps, shared, values);
}

void Journal::take(std::uint64_t updates, bool shared, std::span<const float> values) {
    Snapshot snapshot{updates, shared, elapsed_s(), std::numeric_limits<double>::quiet_NaN(), {}};
    if (const auto energy = backend::energy_used()) snapshot.energy_J = energy->hosts_J + energy->links_J;
    if (backend::arithmetic_is_real()) {
        snapshot.values = base::FloatBuffer(values.size());
        base::copy(snapshot.values, values);
    }
    snapshots_.push_back(std::move(snapshot));
}

}  // namespace lockstep::run
