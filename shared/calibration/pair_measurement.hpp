#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "calibration/message_samples.hpp"
#include "calibration/message_schedule.hpp"
#include "comm/communicator.hpp"
#include "comm/message_probe.hpp"

namespace lockstep::calibration {

/// One side of a pair of ranks that time messages between each other. The leader decides what comes next and
/// tells the other, so that both stop when the leader's time is up.
///
/// First single round trips of ever larger sizes tell what each costs; a size that is foreseen to take too
/// long, by the one before it, is not tried. Then samples, as many as fit (message_schedule), each begun only
/// where the last one of its size says that it will end in time; in the end whether messages move while a
/// processor computes. Beyond the budget go what a size takes longer than was foreseen, once, and one sample
/// each of the three smallest sizes, which there always are.
class PairMeasurement {
  public:
    PairMeasurement(const comm::Communicator& communicator, comm::MessageProbe& probe, std::size_t peer,
                    bool leads, const MessagePlan& plan, double budget_s);

    /// Adds sizes and progress to `samples`, on the leader.
    void run(PairSamples& samples);

  private:
    double left_s() const { return end_s_ - communicator_.now_s(); }
    /// The leader's number, on both.
    std::size_t agree(std::size_t mine) { return probe_.agree(peer_, leads_, mine); }

    void list_sizes();
    void price();
    bool needs_price(std::size_t index, const PricedSize& last) const;
    std::size_t largest_of_run() const;
    double priced_s(std::size_t bytes);
    void price_those_between(const std::vector<std::size_t>& priced);
    void take(std::size_t index);
    void take_scheduled();
    std::vector<std::uint32_t> schedule();
    void find_progress(PairSamples& samples);
    std::size_t size_for_progress() const;
    double one_way_s(std::size_t index) const;

    const comm::Communicator& communicator_;
    comm::MessageProbe& probe_;
    std::size_t peer_;
    bool leads_;
    const MessagePlan& plan_;
    double budget_s_;
    double end_s_;       ///< on the leader's clock
    double unit_s_;      ///< of a piece of computing
    double kept_s_ = 0;  ///< before that, for progress
    std::vector<PricedSize> sizes_;
    std::vector<SizeSamples> samples_;  ///< of these
};

}  // namespace lockstep::calibration
