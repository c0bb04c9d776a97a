#include "run/joint_parameters.hpp"

#include <algorithm>
#include <utility>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"

namespace lockstep::run {

bool is_held_jointly(const scenario::Config& config) {
    return exchange::is_held_jointly(*scenario::method_of(config));
}

JointParameters::JointParameters(const scenario::Config& config, KeepingSchedule schedule)
    : schedule_(std::move(schedule)),
      is_mean_(scenario::server_count(config) == 0),
      holders_(is_mean_ ? config.workers : scenario::server_count(config)) {}

void JointParameters::begin(std::span<const float> start, std::uint64_t steps) {
    if (common_.size() > 0) return;
    for (Holder& holder : holders_) holder.steps = steps;
    total_steps_ = steps * holders_.size();
    reported_ = steps;
    common_ = base::FloatBuffer(backend::arithmetic_is_real() ? start.size() : 1);
    if (backend::arithmetic_is_real()) base::copy(common_, start);
}

void JointParameters::take_up(std::span<const std::byte> packed) {
    const std::size_t holders = holders_.size();
    base::Unpacker(packed).take(*this);
    const auto fits = [&](const base::FloatBuffer& values) {
        return values.size() == 0 || values.size() == common_.size();
    };
    if (holders_.size() != holders ||
        !std::ranges::all_of(
            holders_, fits, [](const Holder& holder) -> auto& { return holder.values; }) ||
        !std::ranges::all_of(snapshots_, fits, &Snapshot::values))
        throw base::InputError("what workers held together: it is of another run");
}

bool JointParameters::hold(const Share& share, Moment now) {
    Holder& holder = holders_.at(share.holder);
    total_steps_ += share.steps - holder.steps;
    holder.steps = share.steps;
    updates_ = std::max(updates_, share.updates);
    if (backend::arithmetic_is_real()) {
        if (is_mean_ && holder.values.size() == 0) holder.values = base::FloatBuffer(share.values.size());
        base::copy(is_mean_ ? holder.values.span() : common_.span().subspan(share.first, share.values.size()),
                   share.values);
    }
    holder.differs = is_mean_;
    const std::uint64_t updates = is_mean_ ? total_steps_ : updates_;
    Snapshot* const snapshot = keep(steps(), updates, now);
    if (snapshot != nullptr) snapshot->values = is_mean_ ? mean() : common();
    return snapshot != nullptr && snapshot->kept.for_test;
}

bool JointParameters::agree(std::uint64_t steps, std::span<const float> v, Moment now) {
    if (backend::arithmetic_is_real()) base::copy(common_, v);
    for (Holder& holder : holders_) {
        if (holder.steps > steps) continue;
        total_steps_ += steps - holder.steps;
        holder.steps = steps;
        holder.differs = false;
    }
    if (steps < reported_) return false;  // some have gone on since: what all held then is no more
    // The last to get there has made the same moment of what it had before they agreed.
    const std::uint64_t updates = steps * holders_.size();
    const bool is_there = !snapshots_.empty() && snapshots_.back().updates / holders_.size() == steps;
    Snapshot* const snapshot = is_there ? &snapshots_.back() : keep(steps, updates, now);
    if (snapshot == nullptr) return false;
    snapshot->updates = updates;
    snapshot->values = common();
    return !is_there && snapshot->kept.for_test;
}

std::uint64_t JointParameters::steps() const {
    if (is_mean_) return total_steps_ / holders_.size();
    return std::ranges::min_element(holders_, {}, &Holder::steps)->steps;
}

Snapshot* JointParameters::keep(std::uint64_t steps, std::uint64_t updates, Moment now) {
    const Kept kept = schedule_.due(steps, reported_);
    reported_ = std::max(reported_, steps);
    if (!kept.is_kept()) return nullptr;
    return &snapshots_.emplace_back(
        Snapshot{Snapshot::Of::shared, updates, now.elapsed_s, now.energy_J, {}, kept});
}

base::FloatBuffer JointParameters::common() const {
    if (!backend::arithmetic_is_real()) return {};
    base::FloatBuffer v(common_.size());
    base::copy(v, common_);
    return v;
}

base::FloatBuffer JointParameters::mean() const {
    if (!backend::arithmetic_is_real()) return {};
    std::vector<double> sums(common_.size(), 0.0);
    for (const Holder& holder : holders_) {
        const std::span<const float> values = holder.differs ? holder.values.span() : common_.span();
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(values[i]);
    }
    base::FloatBuffer v(sums.size());
    const auto count = static_cast<double>(holders_.size());
    std::ranges::transform(sums, v.data(), [&](double sum) { return static_cast<float>(sum / count); });
    return v;
}

}  // namespace lockstep::run
