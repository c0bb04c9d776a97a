#include "comm/message_log.hpp"

namespace lockstep::comm {
namespace {

events::Event event(events::Kind kind, double begin_s, double end_s) {
    events::Event event;
    event.kind = kind;
    event.begin_s = begin_s;
    event.end_s = end_s;
    return event;
}

events::Event of_message(events::Event event, std::size_t peer, std::size_t sequence, std::size_t bytes) {
    event.peer = static_cast<std::uint32_t>(peer);
    event.sequence = sequence;
    event.bytes = bytes;
    return event;
}

}  // namespace

std::size_t MessageLog::send_started(std::size_t peer, double now_s, std::size_t bytes) {
    ++traffic_.messages;
    traffic_.bytes += bytes;
    auto& starts = peers_[peer].send_started_s;
    starts.push_back(now_s);
    const std::size_t sequence = starts.size() - 1;
    if (recorder_ != nullptr)
        recorder_->add(of_message(event(events::Kind::send_started, now_s, 0), peer, sequence, bytes));
    return sequence;
}

std::size_t MessageLog::receive_started(std::size_t peer, double now_s) {
    auto& starts = peers_[peer].receive_started_s;
    starts.push_back(now_s);
    const std::size_t sequence = starts.size() - 1;
    if (recorder_ != nullptr)
        recorder_->add(of_message(event(events::Kind::receive_started, now_s, 0), peer, sequence, 0));
    return sequence;
}

void MessageLog::blocked(const Blocked& interval) {
    blocked_.push_back(interval);
    if (recorder_ == nullptr) return;
    const auto kind = interval.receiving ? events::Kind::blocked_receiving : events::Kind::blocked_sending;
    recorder_->add(
        of_message(event(kind, interval.begin_s, interval.end_s), interval.peer, interval.sequence, 0));
}

void MessageLog::arrived(std::size_t peer, std::size_t sequence, double now_s, std::size_t bytes) {
    if (recorder_ != nullptr)
        recorder_->add(of_message(event(events::Kind::arrived, now_s, 0), peer, sequence, bytes));
}

void MessageLog::blocked_in_library(double begin_s, double end_s) {
    in_library_s_ += end_s - begin_s;
    complete_ = false;
    if (recorder_ != nullptr) recorder_->add(event(events::Kind::in_library, begin_s, end_s));
}

}  // namespace lockstep::comm
