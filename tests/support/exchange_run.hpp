#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "scenario/config.hpp"
#include "tests/support/fake_training.hpp"
#include "tests/support/recording_journal.hpp"

namespace lockstep::support {

/// All that happened, known to every rank.
struct ExchangeRun {
    std::vector<exchange::Update> updates;                     ///< in the order in which v changed
    std::vector<RecordingJournal::Snapshot> shared;            ///< of v, in order
    std::vector<std::vector<RecordingJournal::Snapshot>> own;  ///< per worker, in order
    std::vector<std::vector<RecordingJournal::Snapshot>>
        shares;                     ///< per rank, of v where it is held together
    std::uint64_t steps_taken = 0;  ///< by all workers
    comm::Traffic traffic;          ///< all ranks
    double elapsed_s = 0;           ///< from a barrier to the last rank's end

    /// v at the end.
    const std::vector<float>& final_v() const { return shared.back().values; }
};

/// This rank's part of the configured exchange.
void train(comm::Communicator& communicator, const scenario::Config& config,
           exchange::LocalTraining& training, exchange::Journal& journal, std::span<const float> start,
           exchange::ArrivalOrder* order = nullptr, exchange::Leg* leg = nullptr);

/// Runs the configured exchange on the job. Collective over all ranks, of which there must be
/// rank_count(config). `order` is this rank's, and may be null.
ExchangeRun run_exchange(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                         exchange::ArrivalOrder* order = nullptr);

/// The same in legs of `length` steps of a worker, or a server's turns for as many, until nobody has a step
/// left; from each to the next, only bytes of each rank's memory are taken along.
ExchangeRun run_in_legs(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                        std::uint64_t length, exchange::ArrivalOrder* order = nullptr);

/// A run with the arrivals of all ranks, by version; each taker's in its order.
struct Ordered {
    ExchangeRun run;
    std::vector<exchange::Arrival> arrivals;
};

/// The same with `forced` as this rank's order; without any, messages are taken as they come.
Ordered run_in_order(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                     std::vector<exchange::Arrival> forced);

/// The order that comes about in legs of `length`.
Ordered run_in_order_of_legs(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                             std::uint64_t length);

}  // namespace lockstep::support
