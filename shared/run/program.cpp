#include "run/program.hpp"

#include <utility>

#include "backend/backend.hpp"
#include "base/digest.hpp"
#include "comm/allreduce.hpp"
#include "comm/clock_alignment.hpp"
#include "comm/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "run/evaluation.hpp"
#include "run/journal.hpp"
#include "run/network_training.hpp"
#include "run/rank_report.hpp"
#include "run/summary.hpp"

namespace lockstep::run {
namespace {

/// Rank 0's initial parameters, on every rank.
base::FloatBuffer start_parameters(comm::Communicator& communicator, const scenario::Config& config,
                                   const Problem& problem) {
    base::FloatBuffer parameters = backend::make_buffer(problem.network.parameter_count());
    if (communicator.rank() == 0 && backend::arithmetic_is_real())
        problem.network.initialise(parameters, config.seed);
    comm::broadcast(communicator, parameters);
    return parameters;
}

/// Real clocks differ between ranks; simulated time is the same everywhere.
void align(comm::ClockAlignment& clock, comm::Communicator& communicator) {
    if (!backend::time_is_simulated()) clock.measure(communicator);
}

void describe_worker(result::Worker& worker, const comm::Communicator& communicator,
                     const backend::ResourceUse& before, const backend::ResourceUse& after,
                     const comm::WaitStates& blocked) {
    worker.compute_s = after.compute_s - before.compute_s;
    worker.wait_s = blocked.wait_s;
    worker.transfer_s = blocked.transfer_s;
    worker.other_s = worker.elapsed_s - worker.compute_s - worker.wait_s - worker.transfer_s;
    if (const comm::MessageLog& log = communicator.log(); log.complete()) {
        worker.messages_sent = log.traffic().messages;
        worker.bytes_sent = log.traffic().bytes;
    }
    worker.cpu_s = after.cpu_s - before.cpu_s;
}

std::optional<result::Result> gather(comm::Communicator& communicator, const scenario::Config& config,
                                     const Problem& problem, RankReport report) {
    if (communicator.rank() != 0) {
        communicator.send_bytes(pack(report), 0);
        return std::nullopt;
    }
    std::vector<RankReport> reports;
    reports.push_back(std::move(report));
    for (std::size_t rank = 1; rank < communicator.size(); ++rank)
        reports.push_back(unpack(communicator.receive_bytes(rank)));
    return summarise(config, problem, std::move(reports));
}

}  // namespace

std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, Progress* progress) {
    const std::size_t rank = communicator.rank();
    const bool server = rank >= config.workers;
    NetworkTraining training(problem, config, rank, rank == 0 ? progress : nullptr);
    Journal journal(communicator, config, problem.order.rounds_per_epoch());
    const base::FloatBuffer start = start_parameters(communicator, config, problem);
    comm::ClockAlignment clock;
    align(clock, communicator);

    communicator.barrier();
    communicator.log().clear();
    journal.start();
    const backend::ResourceUse before = backend::resource_use();
    exchange::Participant participant{communicator, config, training, journal, start.span()};
    exchange::train(participant);
    RankReport report;
    report.worker.elapsed_s = journal.elapsed_s();
    const backend::ResourceUse after = backend::resource_use();
    if (rank == 0 && progress != nullptr) progress->finish();

    align(clock, communicator);
    describe_worker(report.worker, communicator, before, after,
                    comm::resolve_wait_states(communicator, clock));
    report.worker.rank = rank;
    report.worker.is_server = server;
    report.worker.steps = server ? 0 : training.steps();
    report.worker.samples = server ? 0 : training.samples(training.steps());
    report.place = backend::describe();
    report.worker.host = report.place.host;
    report.worker.memory_bytes = backend::time_is_simulated()
                                     ? predicted_memory_bytes(config, problem, server)
                                     : after.peak_memory_bytes;
    if (!server) report.epoch_losses = training.epoch_losses();
    report.updates = journal.updates();
    evaluate_snapshots(config, problem, journal.snapshots(), report);
    return gather(communicator, config, problem, std::move(report));
}

}  // namespace lockstep::run
