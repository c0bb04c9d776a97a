#include "events/message_log.hpp"

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

void MessageLog::blocked_in_library(double duration_s) {
    in_library_s_ += duration_s;
    complete_ = false;
}

}  // namespace lockstep::events
