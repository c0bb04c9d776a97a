#include "run/replay/serial_run.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "backend/backend.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/replay/serial_replay.hpp"
#include "run/agreement.hpp"
#include "run/evaluation.hpp"
#include "run/journal.hpp"
#include "run/network_training.hpp"
#include "run/rank_report.hpp"
#include "run/summary.hpp"

namespace lockstep::run {
namespace {

/// Like predicted_memory_bytes, of what all ranks had.
double predicted_bytes(const scenario::Config& config, const Problem& problem) {
    const auto workers = static_cast<double>(config.workers);
    const bool server_steps = config.method == scenario::Method::backup_workers;
    const auto velocities = static_cast<double>(exchange::Optimiser::vectors(config.optimiser));
    // Besides those of the exchange: the start vector, and each worker's gradient.
    const double vectors =
        exchange::serial_replay_vectors(config) + 1 + workers + velocities * (server_steps ? 1 : workers);
    const auto inputs = static_cast<double>(problem.network.architecture().inputs);
    const auto samples = static_cast<double>(problem.shape.train_samples + problem.shape.test_samples);
    return samples * (inputs + 1) + 4 * vectors * static_cast<double>(problem.parameters) +
           4 * workers * static_cast<double>(problem.order.largest_batch()) * inputs;
}

/// What the recorded run's ranks had, all on this one.
class SerialRun {
  public:
    SerialRun(const comm::Communicator& communicator, const scenario::Config& config, const Problem& problem,
              Progress* progress)
        : config_(config), problem_(problem), start_(backend::make_buffer(problem.parameters)) {
        const std::size_t ranks = config.workers + scenario::server_count(config);
        if (is_held_jointly(config)) joint_.emplace(config, problem.schedule(config));
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            training_.push_back(
                std::make_unique<NetworkTraining>(problem, config, rank, rank == 0 ? progress : nullptr));
            journals_.push_back(std::make_unique<Journal>(
                communicator, rank, config, problem.schedule(config), joint_ ? &*joint_ : nullptr));
        }
        if (backend::arithmetic_is_real()) problem.network.initialise(start_, config.seed);
    }

    /// The timed part.
    void replay() {
        backend::start_clock();
        for (const auto& journal : journals_) journal->start();
        for (const auto& journal : journals_) journal->start_parameters(start_);
        const backend::ResourceUse before = backend::resource_use();
        exchange::SerialReplay replay{
            config_, {}, {}, start_, problem_.replayed->arrivals, problem_.replayed->complete};
        for (std::size_t i = 0; i < config_.workers; ++i) replay.training.push_back(training_[i].get());
        for (const auto& journal : journals_) replay.journals.push_back(journal.get());
        exchange::replay_serially(replay);
        elapsed_s_ = journals_.front()->elapsed_s();
        after_ = backend::resource_use();
        compute_s_ = after_.compute_s - before.compute_s;
        cpu_s_ = after_.cpu_s - before.cpu_s;
        energy_ = backend::energy_used();
    }

    std::vector<RankReport> reports() {
        std::vector<RankReport> reports;
        for (std::size_t rank = 0; rank < journals_.size(); ++rank) reports.push_back(report(rank));
        describe_place(reports.front());
        return reports;
    }

  private:
    RankReport report(std::size_t rank) {
        const NetworkTraining& training = *training_[rank];
        RankReport report;
        report.worker.rank = rank;
        report.worker.is_server = rank >= config_.workers;
        report.worker.host = backend::describe().host;
        report.worker.steps = training.steps_done();
        report.worker.samples = training.samples(report.worker.steps);
        report.worker.messages_sent = 0;
        report.worker.bytes_sent = 0;
        report.losses = training.losses();
        report.updates = journals_[rank]->updates();
        if (scenario::records_order(config_))
            report.arrivals = exchange::taken_by(rank, problem_.replayed->arrivals);
        report.progress_s = journals_[rank]->progress_s();
        evaluate_kept(problem_, config_, start_, journals_[rank]->take_snapshots(),
                      joint_ && rank == 0 ? joint_->take_snapshots() : std::vector<Snapshot>{}, report);
        return report;
    }

    void describe_place(RankReport& report) const {
        report.place = backend::describe();
        report.energy = energy_;
        report.worker.elapsed_s = elapsed_s_;
        report.worker.compute_s = compute_s_;
        report.worker.other_s = elapsed_s_ - compute_s_;
        report.worker.cpu_s = cpu_s_;
        report.worker.memory_bytes =
            backend::time_is_simulated() ? predicted_bytes(config_, problem_) : after_.peak_memory_bytes;
    }

    const scenario::Config& config_;
    const Problem& problem_;
    base::FloatBuffer start_;
    std::vector<std::unique_ptr<NetworkTraining>> training_;
    std::optional<JointParameters> joint_;  ///< where v is held jointly
    std::vector<std::unique_ptr<Journal>> journals_;
    backend::ResourceUse after_;
    std::optional<backend::Energy> energy_;
    double elapsed_s_ = 0;
    double compute_s_ = 0;
    double cpu_s_ = 0;
};

}  // namespace

result::Result replay_on_one_rank(comm::Communicator& communicator, const scenario::Config& config,
                                  const Problem& problem, Progress* progress) {
    SerialRun run(communicator, config, problem, progress);
    agreed(communicator, [&] { run.replay(); });
    if (progress != nullptr) progress->finish();
    return summarise(config, problem, run.reports());
}

}  // namespace lockstep::run
