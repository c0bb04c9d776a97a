#include "run/journal.hpp"

#include <algorithm>

#include "base/vector_math.hpp"

namespace lockstep::run {
namespace {

/// Room for updates that is made before the clock starts; longer runs grow it on the way.
constexpr std::uint64_t most_reserved = 1'000'000;

}  // namespace

Journal::Journal(const comm::Communicator& communicator, const scenario::Config& config,
                 std::uint64_t rounds_per_epoch)
    : communicator_(communicator), config_(config), rounds_per_epoch_(rounds_per_epoch) {
    const std::uint64_t steps = config.epochs * rounds_per_epoch;
    const bool applies_all = communicator.rank() >= config.workers;
    updates_.reserve(std::min(applies_all ? steps * config.workers : steps, most_reserved));
}

void Journal::shared_parameters(std::uint64_t steps, std::span<const float> v) {
    keep(steps, true, v);
}

void Journal::own_parameters(std::uint64_t step, std::span<const float> w) {
    if (config_.evaluate == scenario::Evaluate::workers) keep(step + 1, false, w);
}

void Journal::keep(std::uint64_t steps, bool shared, std::span<const float> values) {
    if (steps % rounds_per_epoch_ != 0) return;
    Snapshot snapshot{steps / rounds_per_epoch_, shared, elapsed_s(), {}};
    if (config_.numerics == scenario::Numerics::real) {
        snapshot.values = base::FloatBuffer(values.size());
        base::copy(snapshot.values, values);
    }
    snapshots_.push_back(std::move(snapshot));
}

}  // namespace lockstep::run
