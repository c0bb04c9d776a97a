#include "run/training_losses.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>

namespace lockstep::run {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Samples and mean training losses of a sequence of steps.
class TrainingLosses {
  public:
    /// Of all updates, in the order in which they were applied.
    TrainingLosses(const result::Result& result, const std::vector<RankReport>& reports,
                   const data::BatchOrder& order) {
        add_those_before(reports.front().first_step, result.config.workers, order);
        for (const result::Update& update : result.updates)
            add(update.step, reports[update.worker].losses, order);
    }
    /// Of a worker's own steps, applied or not.
    TrainingLosses(const RankReport& report, const data::BatchOrder& order) {
        add_those_before(report.first_step, 1, order);
        for (std::uint64_t step = 0; step < report.worker.steps; ++step)
            add(report.first_step + step, report.losses, order);
    }

    /// Those whose losses are not known, since others took their steps.
    std::uint64_t updates_before() const { return before_; }
    /// In the first so many of them.
    std::uint64_t samples(std::uint64_t updates) const {
        return static_cast<std::uint64_t>(weights_[std::min<std::uint64_t>(updates, weights_.size() - 1)]);
    }

    /// Unknown where there is none.
    double mean(std::uint64_t first, std::uint64_t end) const {
        first = std::max(first, before_);
        const auto last = std::min<std::uint64_t>(end, sums_.size() - 1);
        return first < last ? (sums_[last] - sums_[first]) / (weights_[last] - weights_[first]) : unknown;
    }

  private:
    void add_those_before(std::uint64_t steps, std::size_t workers, const data::BatchOrder& order) {
        for (std::uint64_t step = 0; step < steps; ++step)
            for (std::size_t worker = 0; worker < workers; ++worker)
                weights_.push_back(weights_.back() +
                                   static_cast<double>(order.batch_size(step % order.rounds_per_epoch())));
        sums_.resize(weights_.size(), 0.0);
        before_ = steps * workers;
    }
    void add(std::uint64_t step, const std::vector<double>& losses, const data::BatchOrder& order) {
        const auto samples = static_cast<double>(order.batch_size(step % order.rounds_per_epoch()));
        const double loss = losses.empty() ? unknown : losses.at(step);
        sums_.push_back(sums_.back() + loss * samples);
        weights_.push_back(weights_.back() + samples);
    }

    std::vector<double> sums_{0};
    std::vector<double> weights_{0};
    std::uint64_t before_ = 0;
};

struct Source {
    TrainingLosses losses;
    std::uint64_t updates_before = 0;  ///< of the last row
};

}  // namespace

void add_training_losses(result::Result& result, const std::vector<RankReport>& reports,
                         const data::BatchOrder& order) {
    std::map<std::optional<std::size_t>, Source> sources;
    for (result::Evaluation& row : result.history) {
        auto found = sources.find(row.worker);
        if (found == sources.end())
            found = sources
                        .emplace(row.worker, Source{row.worker ? TrainingLosses(reports[*row.worker], order)
                                                               : TrainingLosses(result, reports, order)})
                        .first;
        auto& [losses, before] = found->second;
        row.samples = losses.samples(row.updates);
        row.train_loss = row.updates <= losses.updates_before() ? unknown : losses.mean(before, row.updates);
        before = row.updates;
    }
}

}  // namespace lockstep::run
