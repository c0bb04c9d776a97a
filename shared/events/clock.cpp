#include "events/clock.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep::events {

Event event_of(const ClockReading& reading) {
    Event event;
    event.kind = Kind::clock;
    event.begin_s = reading.local_s;
    event.end_s = reading.offset_s;
    event.sequence = static_cast<std::uint64_t>(std::ceil(1e9 * reading.uncertainty_s));
    return event;
}

ClockReading reading_of(const Event& event) {
    return {event.begin_s, event.end_s, 1e-9 * static_cast<double>(event.sequence)};
}

void Clock::add(const ClockReading& reading) {
    if (readings_++ == 0) first_ = reading;
    last_ = reading;
}

double Clock::to_rank_0_s(double local_s) const {
    const double span_s = last_.local_s - first_.local_s;
    const double share = span_s > 0 ? std::clamp((local_s - first_.local_s) / span_s, 0.0, 1.0) : 0;
    return local_s + first_.offset_s + share * (last_.offset_s - first_.offset_s);
}

double Clock::uncertainty_s() const {
    return std::max(first_.uncertainty_s, last_.uncertainty_s);
}

}  // namespace lockstep::events
