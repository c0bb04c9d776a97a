#include "comm/clock_alignment.hpp"

#include <limits>

namespace lockstep::comm {

events::ClockReading compare_clocks(Communicator& communicator, int exchanges) {
    if (communicator.rank() == 0) {
        for (std::size_t peer = 1; peer < communicator.size(); ++peer)
            for (int i = 0; i < exchanges; ++i) communicator.answer_time(peer);
        return {communicator.now_s(), 0, 0};
    }
    events::ClockReading reading;
    double shortest_s = std::numeric_limits<double>::infinity();
    for (int i = 0; i < exchanges; ++i) {
        const double asked_s = communicator.now_s();
        const double theirs_s = communicator.ask_time(0);
        const double answered_s = communicator.now_s();
        if (answered_s - asked_s >= shortest_s) continue;
        shortest_s = answered_s - asked_s;
        const double local_s = asked_s + shortest_s / 2;
        reading = {local_s, theirs_s - local_s, shortest_s / 2};
    }
    return reading;
}

}  // namespace lockstep::comm
