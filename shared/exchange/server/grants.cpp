#include "exchange/server/grants.hpp"

#include <algorithm>

namespace lockstep::exchange {
namespace {

std::uint64_t divided_up(std::uint64_t number, std::uint64_t divisor) {
    return (number + divisor - 1) / divisor;
}

}  // namespace

Grants::Grants(std::uint64_t steps, std::size_t workers, std::uint64_t period)
    : total_(steps * workers),
      workers_(workers),
      period_(period),
      first_(std::min(steps, period)),
      first_of_first_(steps > period && total_ % period > 0 ? total_ % period : first_),
      left_(total_ - first_of_first_ - first_ * (workers - 1)) {}

std::uint64_t Grants::first(std::size_t worker) const {
    return worker == 0 ? first_of_first_ : first_;
}

bool Grants::take() {
    if (left_ == 0) return false;
    left_ -= period_;
    return true;
}

std::uint64_t Grants::replies() const {
    if (total_ == 0) return 0;
    return workers_ + (total_ - first_of_first_ - first_ * (workers_ - 1)) / period_;
}

std::uint64_t Grants::pushes(std::uint64_t every) const {
    if (total_ == 0) return 0;
    const std::uint64_t later = replies() - workers_;
    return divided_up(first_of_first_, every) + divided_up(first_, every) * (workers_ - 1) +
           divided_up(period_, every) * later;
}

}  // namespace lockstep::exchange
