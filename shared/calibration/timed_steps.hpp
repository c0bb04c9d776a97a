#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/float_buffer.hpp"
#include "calibration/rank_work.hpp"
#include "comm/communicator.hpp"
#include "run/network_training.hpp"
#include "run/problem.hpp"

namespace lockstep::calibration {

/// One rank's steps of plain SGD, and after each an average with the parameters of its neighbours in a ring;
/// or, where the network is slower than steps are, with a copy of its own in most of them.
class TimedSteps {
  public:
    TimedSteps(comm::Communicator& communicator, const scenario::Config& config, const run::Problem& problem,
               Progress* progress);

    /// Takes as many as the budget allows, three at least, after a warm-up of a tenth. Collective.
    void take_within(const WorkPlan& plan);

    /// The figures of those that were taken last, without the warm-up.
    void fill(RankWork& work) const;

    std::span<float> parameters() { return w_; }

    /// The gradient at the parameters of another batch, after all steps; on a server nothing.
    void take_gradient(std::span<float> gradient);

  private:
    double foreseen_exchange_s(double most_s);
    double time_of_swap(std::size_t values);
    void set_pace();
    std::size_t affordable(const WorkPlan& plan);
    void forget();
    void take(std::size_t steps);
    void take_one();
    void exchange();
    void swap(std::size_t values);
    void average(bool from_neighbour);
    double time_of_addition();
    double full_batches() const;

    comm::Communicator& communicator_;
    Progress* progress_;
    bool trains_;  ///< servers swap and average only
    const data::BatchOrder& order_;
    run::NetworkTraining training_;
    base::FloatBuffer w_;
    base::FloatBuffer received_;
    std::uint64_t next_ = 0;

    double end_s_ = 0;                ///< on this rank's clock
    double step_s_ = 0;               ///< of the last ones, with all but the exchange
    double exchange_s_ = 0;           ///< of parameters with the neighbours
    std::size_t exchange_every_ = 1;  ///< steps
    std::size_t since_exchange_ = 0;

    // Since the last forget():
    std::uint64_t first_ = 0;
    double training_s_ = 0;
    std::vector<double> step_times_s_;  ///< of full batches, inside their arithmetic
    std::vector<double> received_s_;    ///< of each addition of what has just been received
    std::vector<double> again_s_;       ///< of each addition of the same once more
    std::vector<double> earlier_received_s_;
};

}  // namespace lockstep::calibration
