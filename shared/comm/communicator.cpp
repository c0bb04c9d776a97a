#include "comm/communicator.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"

namespace lockstep::comm {

/// 2 is that of control messages.
int Communicator::tag_of(Mark mark) {
    return mark == Mark::none ? 1 : mark == Mark::last ? 3 : 4;
}

void Communicator::require_peer(std::size_t rank) const {
    if (rank >= size())
        throw base::InputError("Communicator", fmt::format("rank {}", rank),
                               fmt::format("a rank from 0 to {}", size() - 1));
}

void Communicator::send(std::span<const float> vector, std::size_t destination) {
    require_peer(destination);
    const double called_s = now_s();
    const std::size_t sequence = log_.send_started(destination, called_s, vector.size_bytes());
    const double began_s = called_s + backend::handle_message();
    transport_->send(std::as_bytes(vector), destination, tag_of(Mark::none));
    log_.blocked({began_s, now_s(), destination, sequence, false});
}

Mark Communicator::receive_and_see_mark(std::span<float> vector, std::size_t source) {
    const int tag = receive_tagged(vector, source, Transport::any_tag);
    return tag == tag_of(Mark::none) ? Mark::none : tag == tag_of(Mark::last) ? Mark::last : Mark::pause;
}

int Communicator::receive_tagged(std::span<float> vector, std::size_t source, int tag) {
    require_peer(source);
    const double began_s = now_s();
    const std::size_t sequence = log_.receive_started(source, began_s);
    const Transport::Received received = transport_->receive(std::as_writable_bytes(vector), source, tag);
    const double until_s = now_s();
    log_.blocked({began_s, until_s, source, sequence, true});
    log_.arrived(source, sequence, until_s, received.bytes);
    backend::handle_message(received.bytes);
    return received.tag;
}

void Communicator::send_receive(std::span<const float> outgoing, std::size_t destination,
                                std::span<float> incoming, std::size_t source) {
    const double began_s =
        now_s();  // one look at the clock for all its uses: it is a system call in some worlds
    const double overhead_s = backend::handle_message();
    const Request sending = begin_send(outgoing, destination, began_s, Mark::none);
    const std::array<Request, 2> both{begin_receive(incoming, source, began_s), sending};
    std::array<Transport::Handle, 2> handles{both[0].handle_, both[1].handle_};
    double since_s = began_s + overhead_s;
    for (int finished = 0; finished < 2; ++finished) {  // each message accounts for its own part of the time
        const Request& done = both[transport_->wait_any(handles).index];
        const double until_s = now_s();
        log_.blocked({since_s, until_s, done.peer_, done.sequence_, done.receiving_});
        if (done.receiving_) log_.arrived(done.peer_, done.sequence_, until_s, incoming.size_bytes());
        since_s = until_s + (done.receiving_ ? backend::handle_message(incoming.size_bytes()) : 0);
    }
}

Request Communicator::start_send(std::span<const float> vector, std::size_t destination, Mark mark) {
    const double start_s = now_s();
    backend::handle_message();
    return begin_send(vector, destination, start_s, mark);
}

Request Communicator::start_receive(std::span<float> vector, std::size_t source) {
    return begin_receive(vector, source, now_s());
}

Request Communicator::begin_send(std::span<const float> vector, std::size_t destination, double start_s,
                                 Mark mark) {
    require_peer(destination);
    Request request;
    request.peer_ = destination;
    request.sequence_ = log_.send_started(destination, start_s, vector.size_bytes());
    request.handle_ = transport_->start_send(std::as_bytes(vector), destination, tag_of(mark));
    return request;
}

Request Communicator::begin_receive(std::span<float> vector, std::size_t source, double start_s) {
    require_peer(source);
    Request request;
    request.peer_ = source;
    request.receiving_ = true;
    request.sequence_ = log_.receive_started(source, start_s);
    request.handle_ = transport_->start_receive(std::as_writable_bytes(vector), source, tag_of(Mark::none));
    return request;
}

void Communicator::note(Request& request, std::size_t bytes, double at_s) {
    request.handle_ = {};
    request.has_come_ = true;
    if (!request.receiving_) return;
    request.received_ = bytes / sizeof(float);
    log_.arrived(request.peer_, request.sequence_, at_s, bytes);
}

void Communicator::finish(Request& request, double began_s, double until_s) {
    log_.blocked({began_s, until_s, request.peer_, request.sequence_, request.receiving_});
    take(request);
}

void Communicator::take(Request& request) {
    request.has_come_ = false;
    if (request.receiving_) backend::handle_message(request.received_ * sizeof(float));
}

void Communicator::wait(Request& request) {
    if (!request.active()) return;
    const double began_s = now_s();
    if (request.has_come_) return finish(request, began_s, began_s);
    const std::size_t bytes = transport_->wait(request.handle_).bytes;
    const double until_s = now_s();
    note(request, bytes, until_s);
    finish(request, began_s, until_s);
}

template <typename Look>
auto Communicator::found_by(Look look) const {
    auto found = look();
    for (std::size_t looks = 1; !found && looks < transport_->looks_in_a_row(); ++looks) found = look();
    return found;
}

bool Communicator::has_finished(Request& request) {
    if (!request.active()) return true;
    if (!request.has_come_) {
        const auto received = found_by([&] { return transport_->test(request.handle_); });
        if (!received) return false;
        note(request, received->bytes, now_s());
    }
    take(request);
    return true;
}

void Communicator::line_up(std::span<const Request> requests, std::size_t first) {
    waiting_.clear();
    for (const auto part : {requests.subspan(first), requests.first(first)})
        for (const Request& request : part) waiting_.push_back(request.handle_);
}

void Communicator::note_all(std::span<Request> requests, std::size_t first) {
    if (requests.size() < 2) return;  // whoever waits sees a single one come
    line_up(requests, first);         // what is found becomes inactive there
    while (const auto done = found_by([&] { return transport_->test_any(waiting_); }))
        note(requests[(first + done->index) % requests.size()], done->message.bytes, now_s());
}

std::size_t Communicator::note_next(std::span<Request> requests, std::size_t first) {
    line_up(requests, first);
    const Transport::Completion done = transport_->wait_any(waiting_);
    const std::size_t index = (first + done.index) % requests.size();
    note(requests[index], done.message.bytes, now_s());
    return index;
}

std::optional<std::size_t> Communicator::first_that_has_come(std::span<const Request> requests,
                                                             std::size_t first) {
    for (std::size_t i = 0; i < requests.size(); ++i)
        if (const std::size_t index = (first + i) % requests.size(); requests[index].has_come_) return index;
    return std::nullopt;
}

std::size_t Communicator::wait_any(std::span<Request> requests) {
    if (std::ranges::none_of(requests, &Request::active))
        throw base::InputError("Communicator::wait_any", "no active request", "at least 1");
    const double began_s = now_s();
    const std::size_t first = next_ % requests.size();
    note_all(requests, first);
    const std::optional<std::size_t> here = first_that_has_come(requests, first);
    const std::size_t index = here ? *here : note_next(requests, first);
    next_ = index + 1;
    finish(requests[index], began_s, now_s());
    return index;
}

void Communicator::wait_for(std::span<Request> requests, std::size_t wanted) {
    if (!requests[wanted].active()) return;
    const double began_s = now_s();
    note_all(requests, wanted);
    while (!requests[wanted].has_come_) note_next(requests, wanted);
    finish(requests[wanted], began_s, now_s());
}

std::optional<std::size_t> Communicator::find_done(std::span<Request> requests) {
    if (std::ranges::none_of(requests, &Request::active)) return std::nullopt;
    const double began_s = now_s();
    const std::size_t first = next_ % requests.size();
    std::optional<std::size_t> index = first_that_has_come(requests, first);
    if (!index) {
        line_up(requests, first);
        const auto done = found_by([&] { return transport_->test_any(waiting_); });
        if (!done) return std::nullopt;
        index = (first + done->index) % requests.size();
        note(requests[*index], done->message.bytes, now_s());
    }
    next_ = *index + 1;
    finish(requests[*index], began_s, now_s());
    return index;
}

void Communicator::library_allreduce(std::span<float> vector) {
    const double began_s = now_s();
    transport_->sum(vector);
    log_.blocked_in_library(began_s, now_s());
}

}  // namespace lockstep::comm
