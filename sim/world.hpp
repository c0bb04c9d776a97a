#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <simgrid/s4u.hpp>

#include "backend/backend.hpp"
#include "base/buffer_count.hpp"
#include "base/function_ref.hpp"
#include "scenario/config.hpp"
#include "scenario/slowness.hpp"
#include "sim/arithmetic_pool.hpp"
#include "sim/compute_reports.hpp"
#include "sim/platform/breakdowns.hpp"
#include "sim/platform/link_meters.hpp"

namespace lockstep::sim {

class PairQueues;

/// Where ranks wait for each other, and which they leave at one moment, without a message. SimGrid has such a
/// thing, but 4.0 crashes when it ends ranks that wait there.
class Meeting {
  public:
    explicit Meeting(std::size_t ranks) : ranks_(ranks) {}

    void wait() {
        if (++arrived_ < ranks_) return gate_->acquire();
        arrived_ = 0;  // before anybody who leaves can come again
        for (std::size_t rank = 1; rank < ranks_; ++rank) gate_->release();
    }

    /// The ranks return in the order of their numbers, at one moment. Each calls it once a meeting, after it.
    void line_up(std::size_t rank) {
        if (places_.empty())
            for (std::size_t i = 0; i < ranks_; ++i) places_.push_back(simgrid::s4u::Semaphore::create(0));
        if (rank > 0) places_[rank]->acquire();
        if (rank + 1 < ranks_) places_[rank + 1]->release();
    }

  private:
    std::size_t ranks_;
    std::size_t arrived_ = 0;
    simgrid::s4u::SemaphorePtr gate_ = simgrid::s4u::Semaphore::create(0);
    std::vector<simgrid::s4u::SemaphorePtr> places_;
};

/// What all ranks of one simulation share. Lives in `simulate`; reached by the backend through the rank that
/// calls.
struct World {
    explicit World(const scenario::Config& the_config);

    const scenario::Config& config;
    ArithmeticPool pool;
    Meeting all_ranks;
    Meeting departure;         ///< where ranks that have left MPI wait for the others
    std::string platform;      ///< one line for people and results
    std::exception_ptr error;  ///< the first that a rank threw
    std::size_t finished_ranks = 0;
    std::size_t stopped_ranks = 0;                        ///< whose processor has failed for good
    PairQueues* queues = nullptr;                         ///< of messages, once there is a platform
    Breakdowns* breakdowns = nullptr;                     ///< of a platform file
    std::uint64_t progress = 0;                           ///< steps and messages, of all ranks
    double progress_s = 0;                                ///< when the last of them ended
    std::size_t busy_ranks = 0;                           ///< that compute, or pause for a known time
    std::vector<std::size_t> lost_ranks;                  ///< on hosts that were turned off
    std::optional<double> standstill_s;                   ///< when nothing went on any more, known afterwards
    std::optional<double> clock_start_s;                  ///< when the timed part began
    const LinkMeters* link_meters = nullptr;              ///< where the scenario gives powers
    std::optional<backend::Energy> energy_at_standstill;  ///< when nothing more could happen
    backend::Energy energy_before;                        ///< used until the clock started
    std::vector<std::pair<float*, std::size_t>>
        phantom_memory;  ///< timing-only: regions that all buffers share
};

/// One rank of it.
struct Rank {
    World& world;
    std::size_t number = 0;
    double slowdown = 1;  ///< of its processor against its host's speed, which is that of the fastest on it
    scenario::Slowness slowness;
    double compute_s = 0;
    ComputeReports reports = {};
    bool clock_runs = false;  ///< it is in its timed part, where the scenario's times count
    bool in_library = true;   ///< MPI's, see enter_library()
    bool finished = false;
    std::unique_ptr<base::BufferCount> buffers = std::make_unique<base::BufferCount>();  ///< where it stays
    simgrid::s4u::ExecPtr execution = {};           ///< under way on a host of a platform file
    double left_flops = 0;                          ///< of one that ended because the host stands still
    simgrid::s4u::SemaphorePtr speed_returns = {};  ///< what the rank waits for meanwhile
};

/// Seconds on the clock of all ranks: the engine's. A run that stands still for ever ended when it began to.
double now_s(const World& world);

/// The rank that calls. Precondition: called from a simulated rank.
Rank& this_rank();

}  // namespace lockstep::sim
