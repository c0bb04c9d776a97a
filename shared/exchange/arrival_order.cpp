#include "exchange/arrival_order.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace lockstep::exchange {

void ArrivalOrder::take(const Arrival& arrival) {
    if (is_forced()) {
        if (next() == nullptr || *next() != arrival)
            throw std::logic_error(
                fmt::format("--replay: rank {} took step {} of worker {} out of the recorded order",
                            arrival.taker, arrival.step, arrival.worker));
        ++next_;
    }
    if (keeps_) kept_.push_back(arrival);
}

std::vector<Arrival> taken_by(std::size_t taker, std::span<const Arrival> arrivals) {
    std::vector<Arrival> taken;
    std::ranges::copy_if(arrivals, std::back_inserter(taken),
                         [&](const Arrival& arrival) { return arrival.taker == taker; });
    return taken;
}

}  // namespace lockstep::exchange
