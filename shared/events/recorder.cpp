#include "events/recorder.hpp"

namespace lockstep::events {
namespace {

Event during(Kind kind, double begin_s, double end_s) {
    Event event;
    event.kind = kind;
    event.begin_s = begin_s;
    event.end_s = end_s;
    return event;
}

Event of_message(Event event, std::size_t peer, std::size_t sequence, std::size_t bytes = 0) {
    event.peer = static_cast<std::uint32_t>(peer);
    event.sequence = sequence;
    event.bytes = bytes;
    return event;
}

}  // namespace

void Recorder::open(const std::filesystem::path& file) {
    file_ = std::make_unique<FileWriter>(file);
}

void Recorder::start(const Header& header, const std::optional<Event>& clock) {
    is_on_ = true;
    if (file_) file_->begin(header);
    if (clock) append(*clock);
    flush();
}

std::size_t Recorder::send_started(std::size_t peer, double now_s, std::size_t bytes) {
    const std::size_t sequence = messages_.send_started(peer, now_s, bytes);
    if (is_on_) add(of_message(during(Kind::send_started, now_s, 0), peer, sequence, bytes));
    return sequence;
}

std::size_t Recorder::receive_started(std::size_t peer, double now_s) {
    const std::size_t sequence = messages_.receive_started(peer, now_s);
    if (is_on_) add(of_message(during(Kind::receive_started, now_s, 0), peer, sequence));
    return sequence;
}

void Recorder::blocked(const MessageLog::Blocked& interval) {
    messages_.blocked(interval);
    if (!is_on_) return;
    const Kind kind = interval.receiving ? Kind::blocked_receiving : Kind::blocked_sending;
    add(of_message(during(kind, interval.begin_s, interval.end_s), interval.peer, interval.sequence));
}

void Recorder::arrived(std::size_t peer, std::size_t sequence, double now_s, std::size_t bytes) {
    messages_.arrived(peer, sequence, now_s);
    if (is_on_) add(of_message(during(Kind::arrived, now_s, 0), peer, sequence, bytes));
}

void Recorder::blocked_in_library(double begin_s, double end_s) {
    messages_.blocked_in_library(end_s - begin_s);
    if (is_on_) add(during(Kind::in_library, begin_s, end_s));
}

void Recorder::record(const Event& event) {
    totals_.add(event);
    append(event);
}

void Recorder::append(const Event& event) {
    if (file_) file_->add(event);
}

void Recorder::flush() {
    if (file_) file_->flush();
}

}  // namespace lockstep::events
