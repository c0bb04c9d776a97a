#include "run/assembly.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/packing.hpp"
#include "exchange/server/server_parts.hpp"

namespace lockstep::run {
namespace {

bool is_share(const Snapshot& snapshot) {
    return snapshot.of == Snapshot::Of::share_of_mean || snapshot.of == Snapshot::Of::part;
}

bool is_whole(const Snapshot& snapshot) {
    return snapshot.of == Snapshot::Of::shared;
}

/// When the rank's clock started and when it took each step, by rank 0's clock.
std::vector<double> times_of(const Journal& journal, const events::Clock& clock) {
    std::vector<double> times{clock.to_rank_0_s(journal.start_s())};
    times.insert(times.end(), journal.progress_s().begin(), journal.progress_s().end());
    return times;
}

void send_shares(comm::Communicator& communicator, const Journal& journal, const events::Clock& clock) {
    communicator.send_bytes(base::pack(times_of(journal, clock)), 0);
    for (const Snapshot& snapshot : journal.snapshots())
        if (is_share(snapshot)) communicator.send_bytes(base::pack(snapshot), 0);
    communicator.send_bytes({}, 0);
}

/// By a clock that started so much earlier than theirs.
std::vector<Snapshot> receive_shares(comm::Communicator& communicator, std::size_t rank, double earlier_s) {
    std::vector<Snapshot> shares;
    for (;;) {
        const auto bytes = communicator.receive_bytes(rank);
        if (bytes.empty()) return shares;
        shares.push_back(base::unpack<Snapshot>(bytes));
        shares.back().elapsed_s += earlier_s;
    }
}

/// The last of them by then, or null.
const Snapshot* last_by(double elapsed_s, std::span<const Snapshot> kept,
                        bool (*is_wanted)(const Snapshot&)) {
    const Snapshot* last = nullptr;
    for (const Snapshot& snapshot : kept)
        if (is_wanted(snapshot) && snapshot.elapsed_s <= elapsed_s) last = &snapshot;
    return last;
}

/// When all together had taken 1, 2, 3 ... steps for each holder.
std::vector<double> times_on_average(const std::vector<std::vector<double>>& progress_s) {
    std::vector<double> all;
    for (const auto& of_holder : progress_s) all.insert(all.end(), of_holder.begin(), of_holder.end());
    std::ranges::sort(all);
    std::vector<double> times;
    for (std::size_t i = progress_s.size(); i <= all.size(); i += progress_s.size())
        times.push_back(all[i - 1]);
    return times;
}

/// When each had taken 1, 2, 3 ... steps.
std::vector<double> times_of_last(const std::vector<std::vector<double>>& progress_s) {
    std::vector<double> times = progress_s.front();
    for (const auto& of_holder : progress_s) {
        times.resize(std::min(times.size(), of_holder.size()));
        for (std::size_t i = 0; i < times.size(); ++i) times[i] = std::max(times[i], of_holder[i]);
    }
    return times;
}

}  // namespace

Assembly::Assembly(const scenario::Config& config, const KeepingSchedule& schedule,
                   std::span<const float> start, const std::vector<std::vector<double>>& progress_s,
                   std::span<const Snapshot> kept_by_rank_0, std::uint64_t first_step)
    : first_step_(first_step),
      is_mean_(scenario::server_count(config) == 0),
      holders_(progress_s.size()),
      workers_(config.workers),
      start_(start),
      kept_by_rank_0_(kept_by_rank_0) {
    list_moments(schedule, progress_s);
}

void Assembly::list_moments(const KeepingSchedule& schedule,
                            const std::vector<std::vector<double>>& progress_s) {
    const std::vector<double> times = is_mean_ ? times_on_average(progress_s) : times_of_last(progress_s);
    for (std::uint64_t steps = first_step_ + 1; steps <= times.size(); ++steps) {
        const Kept kept = schedule.due(steps, steps - 1);
        const bool is_there = std::ranges::any_of(kept_by_rank_0_, [&](const Snapshot& snapshot) {
            return is_whole(snapshot) && snapshot.updates == steps * workers_;
        });
        if (!kept.is_kept() || is_there) continue;
        moments_.push_back({steps, times[steps - 1], kept, std::vector<double>(start_.size(), 0.0)});
    }
}

void Assembly::add_holder(std::span<const Snapshot> kept) {
    const exchange::Part part =
        is_mean_ ? exchange::Part{0, start_.size()} : exchange::part_of(start_.size(), holders_, added_);
    ++added_;
    for (Moment& moment : moments_) {
        const Snapshot* had = last_by(moment.elapsed_s, kept, is_share);
        const Snapshot* whole = last_by(moment.elapsed_s, kept_by_rank_0_, is_whole);
        if (had == nullptr || (whole != nullptr && whole->updates > had->updates)) had = whole;
        const std::span<const float> values =
            had == nullptr ? start_.subspan(part.first, part.size) : had->values.span();
        for (std::size_t i = 0; i < values.size(); ++i)
            moment.sums[part.first + i] += static_cast<double>(values[i]);
    }
}

std::vector<Snapshot> Assembly::snapshots() const {
    const double divisor = is_mean_ ? static_cast<double>(holders_) : 1.0;
    std::vector<Snapshot> all;
    for (const Moment& moment : moments_) {
        Snapshot& v = all.emplace_back(Snapshot{Snapshot::Of::shared, moment.steps * workers_,
                                                moment.elapsed_s, std::numeric_limits<double>::quiet_NaN(),
                                                base::FloatBuffer(moment.sums.size()), moment.kept});
        std::ranges::transform(moment.sums, v.values.data(),
                               [&](double sum) { return static_cast<float>(sum / divisor); });
    }
    return all;
}

std::vector<Snapshot> assemble(comm::Communicator& communicator, const scenario::Config& config,
                               const KeepingSchedule& schedule, std::span<const float> start,
                               const Journal& journal, const events::Clock& clock) {
    if (communicator.rank() != 0) {
        send_shares(communicator, journal, clock);
        return {};
    }
    const std::size_t first_holder = scenario::server_count(config) > 0 ? config.workers : 0;
    std::vector<double> late_s{0};  // by which each rank's clock started after this one's
    std::vector<std::vector<double>> progress_s;
    if (first_holder == 0) progress_s.push_back(journal.progress_s());
    for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
        auto times = base::unpack<std::vector<double>>(communicator.receive_bytes(rank));
        late_s.push_back(times.front() - clock.to_rank_0_s(journal.start_s()));
        times.erase(times.begin());
        for (double& time_s : times) time_s += late_s.back();
        if (rank >= first_holder) progress_s.push_back(std::move(times));
    }
    Assembly assembly(config, schedule, start, progress_s, journal.snapshots(), journal.first_step());
    if (first_holder == 0) assembly.add_holder(journal.snapshots());
    for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
        const std::vector<Snapshot> shares = receive_shares(communicator, rank, late_s[rank]);
        if (rank >= first_holder) assembly.add_holder(shares);
    }
    return assembly.snapshots();
}

}  // namespace lockstep::run
