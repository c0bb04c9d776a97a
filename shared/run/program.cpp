#include "run/program.hpp"

#include <utility>

#include "backend/backend.hpp"
#include "base/packing.hpp"
#include "comm/clock_alignment.hpp"
#include "comm/collectives/allreduce.hpp"
#include "comm/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "run/assembly.hpp"
#include "run/evaluation.hpp"
#include "run/event_recording.hpp"
#include "run/journal.hpp"
#include "run/network_training.hpp"
#include "run/rank_report.hpp"
#include "run/replay/order.hpp"
#include "run/summary.hpp"

namespace lockstep::run {
namespace {

/// Rank 0's initial parameters, on every rank.
base::FloatBuffer start_parameters(comm::Communicator& communicator, const scenario::Config& config,
                                   const Problem& problem) {
    base::FloatBuffer parameters = backend::make_buffer(problem.parameters);
    if (communicator.rank() == 0 && backend::arithmetic_is_real())
        problem.network.initialise(parameters, config.seed);
    comm::broadcast(communicator, parameters);
    return parameters;
}

/// Real clocks differ between ranks; simulated time is the same everywhere.
void align(events::Clock& clock, comm::Communicator& communicator) {
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
}

void describe_emulation(result::Worker& worker, const backend::Emulation& emulation) {
    worker.emulated_s = emulation.asked_s;
    worker.sleeps = emulation.sleeps;
    if (emulation.sleeps > 0)
        worker.mean_oversleep_s = emulation.oversleep_s / static_cast<double>(emulation.sleeps);
    worker.largest_oversleep_s = emulation.largest_oversleep_s;
    worker.overruns = emulation.overruns;
    worker.overrun_s = emulation.overrun_s;
}

void describe_worker(result::Worker& worker, const events::MessageLog& log,
                     const backend::ResourceUse& before, const backend::ResourceUse& after,
                     const events::WaitStates& blocked) {
    worker.compute_s = after.compute_s - before.compute_s;
    worker.wait_s = blocked.wait_s;
    worker.transfer_s = blocked.transfer_s;
    worker.hidden_s = log.hidden_s();
    worker.other_s = worker.elapsed_s - worker.compute_s - worker.wait_s - worker.transfer_s;
    if (log.complete()) {
        worker.messages_sent = log.traffic().messages;
        worker.bytes_sent = log.traffic().bytes;
    }
    worker.cpu_s = after.cpu_s - before.cpu_s;
    if (after.emulation) describe_emulation(worker, *after.emulation);
}

std::optional<result::Result> gather(comm::Communicator& communicator, const scenario::Config& config,
                                     const Problem& problem, RankReport report) {
    if (communicator.rank() != 0) {
        communicator.send_bytes(base::pack(report), 0);
        return std::nullopt;
    }
    std::vector<RankReport> reports;
    reports.push_back(std::move(report));
    for (std::size_t rank = 1; rank < communicator.size(); ++rank)
        reports.push_back(base::unpack<RankReport>(communicator.receive_bytes(rank)));
    return summarise(config, problem, std::move(reports));
}

/// One rank's part of the run, with all that it leaves.
class RankRun {
  public:
    RankRun(comm::Communicator& communicator, const scenario::Config& config, const Problem& problem,
            Progress* progress, SharedByRanks* together)
        : communicator_(communicator),
          config_(config),
          problem_(problem),
          server_(communicator.rank() >= config.workers),
          recording_(communicator, config),
          training_(problem, config, communicator.rank(), communicator.rank() == 0 ? progress : nullptr,
                    &communicator.log()),
          joint_(together != nullptr && together->joint ? &*together->joint : nullptr),
          journal_(communicator, config, problem.schedule(config), joint_, &communicator.log()),
          order_(order_of_rank(config, problem, communicator.rank())),
          start_(start_parameters(communicator, config, problem)) {
        const bool copies = !backend::time_is_simulated() && backend::arithmetic_is_real();
        if (copies) journal_.reserve(problem.parameters);
    }

    /// The timed part.
    void train(const events::Clock& clock) {
        communicator_.barrier();
        communicator_.log().clear();
        backend::start_clock();
        journal_.start();
        recording_.start(journal_.start_s(), clock);
        journal_.start_parameters(start_);
        before_ = backend::resource_use();
        const exchange::Team team = scenario::team_of(config_);
        exchange::Participant participant{communicator_, team, training_, journal_, start_.span(), &order_};
        scenario::method_of(config_)->train(participant);
        completed_ = true;
        read_clocks();
        backend::stop_clock();
    }

    void read_clocks() {
        elapsed_s_ = journal_.elapsed_s();
        after_ = backend::resource_use();
        energy_ = backend::energy_used();
        recording_.stop(journal_.start_s() + elapsed_s_ + journal_.copying_s());
    }

    /// Collective: what ranks without a common memory kept of v, on rank 0.
    void assemble_course(const events::Clock& clock) {
        if (joint_ == nullptr && is_held_jointly(config_))
            course_ = assemble(communicator_, config_, problem_.schedule(config_), start_, journal_, clock);
    }

    /// All ranks have stopped their clocks.
    RankReport report(const events::Clock& clock) {
        recording_.finish(clock);
        events::ActivityTotals blocked;
        const events::WaitStates states = comm::resolve_wait_states(communicator_, clock, &blocked);
        return report(states, blocked);
    }

    UnfinishedReport unfinished_report() {
        if (!completed_) read_clocks();
        return {report({}, {}), communicator_.log().messages()};
    }

  private:
    /// Once, since it takes the snapshots.
    void evaluate() {
        if (std::exchange(is_evaluated_, true)) return;
        evaluated_.worker.rank = communicator_.rank();
        if (joint_ != nullptr && communicator_.rank() == 0) course_ = joint_->take_snapshots();
        evaluate_kept(problem_, config_, start_, journal_.take_snapshots(), std::move(course_), evaluated_);
    }

    RankReport report(const events::WaitStates& blocked, const events::ActivityTotals& by_partner) {
        evaluate();
        RankReport report = evaluated_;
        report.worker.is_server = server_;
        report.worker.completed = completed_;
        report.worker.elapsed_s = elapsed_s_;
        report.worker.copying_s = journal_.copying_s();
        describe_worker(report.worker, communicator_.log().messages(), before_, after_, blocked);
        report.worker.steps = server_ ? 0 : training_.steps_done();
        report.worker.samples = training_.samples(report.worker.steps);
        report.place = backend::describe();
        report.worker.host = report.place.host;
        report.worker.memory_bytes = backend::time_is_simulated()
                                         ? predicted_memory_bytes(problem_, server_, after_)
                                         : after_.peak_memory_bytes;
        if (!server_) report.losses = training_.losses();
        report.updates = journal_.updates();
        report.progress_s = journal_.progress_s();
        report.arrivals = order_.kept();
        report.activities = recording_.activities(by_partner);
        report.energy = energy_;
        return report;
    }

    comm::Communicator& communicator_;
    const scenario::Config& config_;
    const Problem& problem_;
    bool server_;
    EventRecording recording_;
    NetworkTraining training_;
    JointParameters* joint_;  ///< null where ranks share no memory, or v is not held jointly
    Journal journal_;
    exchange::ArrivalOrder order_;
    base::FloatBuffer start_;
    backend::ResourceUse before_;
    backend::ResourceUse after_;
    std::vector<Snapshot> course_;  ///< of v where it is held jointly, on rank 0
    RankReport evaluated_;          ///< what evaluation adds to a report
    bool is_evaluated_ = false;
    std::optional<backend::Energy> energy_;
    double elapsed_s_ = 0;
    bool completed_ = false;
};

}  // namespace

SharedByRanks::SharedByRanks(const scenario::Config& config, const Problem& problem)
    : unfinished(scenario::rank_count(config)) {
    if (is_held_jointly(config)) joint.emplace(config, problem.schedule(config));
}

std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, Progress* progress, SharedByRanks* together) {
    RankRun run(communicator, config, problem, progress, together);
    events::Clock clock;
    align(clock, communicator);
    const bool may_be_left = together != nullptr && scenario::may_stand_still(config);
    try {
        run.train(clock);
        if (communicator.rank() == 0 && progress != nullptr) progress->finish();
        align(clock, communicator);
        run.assemble_course(clock);
        RankReport report = run.report(clock);
        if (may_be_left) together->unfinished.at(communicator.rank()) = run.unfinished_report();
        return gather(communicator, config, problem, std::move(report));
    } catch (...) {
        if (may_be_left) together->unfinished.at(communicator.rank()) = run.unfinished_report();
        throw;
    }
}

}  // namespace lockstep::run
