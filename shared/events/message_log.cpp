#include "events/message_log.hpp"

#include <limits>

namespace lockstep::events {

std::size_t MessageLog::send_started(std::size_t peer, double now_s, std::size_t bytes) {
    ++traffic_.messages;
    traffic_.bytes += bytes;
    auto& starts = peers_[peer].send_started_s;
    starts.push_back(now_s);
    return starts.size() - 1;
}

std::size_t MessageLog::receive_started(std::size_t peer, double now_s) {
    auto& starts = peers_[peer].receive_started_s;
    starts.push_back(now_s);
    return starts.size() - 1;
}

void MessageLog::arrived(std::size_t peer, std::size_t sequence, double now_s) {
    auto& arrivals = peers_[peer].arrived_s;
    if (arrivals.size() <= sequence) arrivals.resize(sequence + 1, std::numeric_limits<double>::infinity());
    arrivals[sequence] = now_s;
}

void MessageLog::blocked_in_library(double duration_s) {
    in_library_s_ += duration_s;
    complete_ = false;
}

void MessageLog::shift(double by_s) {
    for (auto& [number, peer] : peers_)
        for (std::vector<double>* times : {&peer.send_started_s, &peer.receive_started_s, &peer.arrived_s})
            for (double& time_s : *times) time_s += by_s;
    for (Blocked& interval : blocked_) {
        interval.begin_s += by_s;
        interval.end_s += by_s;
    }
}

}  // namespace lockstep::events
