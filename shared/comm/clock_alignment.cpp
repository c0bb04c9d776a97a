#include "comm/clock_alignment.hpp"

#include <algorithm>
#include <limits>

namespace lockstep::comm {

void ClockAlignment::measure(Communicator& communicator, int exchanges) {
    Point point;
    if (communicator.rank() == 0) {
        for (std::size_t peer = 1; peer < communicator.size(); ++peer)
            for (int i = 0; i < exchanges; ++i) communicator.answer_time(peer);
        point.local_s = communicator.now_s();
    } else {
        double shortest_s = std::numeric_limits<double>::infinity();
        for (int i = 0; i < exchanges; ++i) {
            const double asked_s = communicator.now_s();
            const double theirs_s = communicator.ask_time(0);
            const double answered_s = communicator.now_s();
            if (answered_s - asked_s >= shortest_s) continue;
            shortest_s = answered_s - asked_s;
            point.local_s = asked_s + shortest_s / 2;
            point.offset_s = theirs_s - point.local_s;
            point.uncertainty_s = shortest_s / 2;
        }
    }
    if (!measured_) first_ = point;
    last_ = point;
    measured_ = true;
}

double ClockAlignment::to_rank_0_s(double local_s) const {
    const double span_s = last_.local_s - first_.local_s;
    // Never extrapolated: the error of a short span would grow without bound.
    const double share = span_s > 0 ? std::clamp((local_s - first_.local_s) / span_s, 0.0, 1.0) : 0;
    return local_s + first_.offset_s + share * (last_.offset_s - first_.offset_s);
}

}  // namespace lockstep::comm
