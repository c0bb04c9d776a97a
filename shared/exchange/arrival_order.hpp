#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "exchange/arrival.hpp"

namespace lockstep::exchange {

/// The order in which one rank takes the messages whose place depends on timing: kept, forced, both or
/// neither.
class ArrivalOrder {
  public:
    ArrivalOrder() = default;
    /// `forced` are this rank's arrivals; without any, messages are taken as they come.
    ArrivalOrder(bool keeps, std::vector<Arrival> forced) : keeps_(keeps), forced_(std::move(forced)) {}

    bool is_forced() const { return !forced_.empty(); }
    /// What must be taken next; null where nothing (more) is forced.
    const Arrival* next() const { return next_ < forced_.size() ? &forced_[next_] : nullptr; }

    /// A message has been taken. Throws std::logic_error where another one is forced: then the program is not
    /// the one that kept the order.
    void take(const Arrival& arrival);

    const std::vector<Arrival>& kept() const { return kept_; }
    /// What was kept before the run was interrupted.
    void go_on_from(std::vector<Arrival> kept) { kept_ = std::move(kept); }

  private:
    bool keeps_ = false;
    std::vector<Arrival> forced_;
    std::size_t next_ = 0;
    std::vector<Arrival> kept_;
};

/// Those of the arrivals that rank `taker` took.
std::vector<Arrival> taken_by(std::size_t taker, std::span<const Arrival> arrivals);

}  // namespace lockstep::exchange
