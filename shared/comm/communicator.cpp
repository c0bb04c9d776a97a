#include "comm/communicator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "backend/backend.hpp"
#include "comm/mpi_error.hpp"

namespace lockstep::comm {
namespace {

constexpr int last_training_tag = 3;  // 2 is that of control messages

std::size_t received_bytes(const MPI_Status& status) {
    int values = 0;
    check(MPI_Get_count(&status, MPI_FLOAT, &values), "MPI_Get_count");
    return static_cast<std::size_t>(values) * sizeof(float);
}

}  // namespace

Communicator Communicator::duplicate_world() {
    MPI_Comm handle = MPI_COMM_NULL;
    check(MPI_Comm_dup(MPI_COMM_WORLD, &handle), "MPI_Comm_dup");
    return Communicator(handle);
}

Communicator::Communicator(MPI_Comm handle) : handle_(handle) {
    check(MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    int rank = 0;
    int size = 0;
    check(MPI_Comm_rank(handle_, &rank), "MPI_Comm_rank");
    check(MPI_Comm_size(handle_, &size), "MPI_Comm_size");
    rank_ = static_cast<std::size_t>(rank);
    size_ = static_cast<std::size_t>(size);
}

Communicator::Communicator(Communicator&& other) noexcept
    : handle_(std::exchange(other.handle_, MPI_COMM_NULL)),
      rank_(other.rank_),
      size_(other.size_),
      log_(std::move(other.log_)),
      waiting_(std::move(other.waiting_)),
      next_(other.next_) {}

Communicator::~Communicator() {
    if (handle_ != MPI_COMM_NULL) MPI_Comm_free(&handle_);
}

void Communicator::send(std::span<const float> vector, std::size_t destination) {
    const double called_s = now_s();
    const std::size_t sequence = log_.send_started(destination, called_s, vector.size_bytes());
    const double began_s = called_s + backend::handle_message();
    check(MPI_Send(vector.data(), mpi_int(vector.size()), MPI_FLOAT, mpi_int(destination), training_tag,
                   handle_),
          "MPI_Send");
    log_.blocked({began_s, now_s(), destination, sequence, false});
}

bool Communicator::receive_and_see_whether_last(std::span<float> vector, std::size_t source) {
    return receive_tagged(vector, source, MPI_ANY_TAG) == last_training_tag;
}

int Communicator::receive_tagged(std::span<float> vector, std::size_t source, int tag) {
    const double began_s = now_s();
    const std::size_t sequence = log_.receive_started(source, began_s);
    MPI_Status status;
    check(MPI_Recv(vector.data(), mpi_int(vector.size()), MPI_FLOAT, mpi_int(source), tag, handle_, &status),
          "MPI_Recv");
    const double until_s = now_s();
    const std::size_t bytes = received_bytes(status);
    log_.blocked({began_s, until_s, source, sequence, true});
    log_.arrived(source, sequence, until_s, bytes);
    backend::handle_message(bytes);
    return status.MPI_TAG;
}

void Communicator::send_receive(std::span<const float> outgoing, std::size_t destination,
                                std::span<float> incoming, std::size_t source) {
    const double began_s =
        now_s();  // one look at the clock for all its uses: it is a system call in some worlds
    const double overhead_s = backend::handle_message();
    const Request sending = begin_send(outgoing, destination, began_s, false);
    const std::array<Request, 2> both{begin_receive(incoming, source, began_s), sending};
    std::array<MPI_Request, 2> handles{both[0].handle_, both[1].handle_};
    double since_s = began_s + overhead_s;
    for (int finished = 0; finished < 2; ++finished) {  // each message accounts for its own part of the time
        int index = MPI_UNDEFINED;
        check(MPI_Waitany(2, handles.data(), &index, MPI_STATUS_IGNORE), "MPI_Waitany");
        const Request& done = both[static_cast<std::size_t>(index)];
        const double until_s = now_s();
        log_.blocked({since_s, until_s, done.peer_, done.sequence_, done.receiving_});
        if (done.receiving_) log_.arrived(done.peer_, done.sequence_, until_s, incoming.size_bytes());
        since_s = until_s + (done.receiving_ ? backend::handle_message(incoming.size_bytes()) : 0);
    }
}

Request Communicator::start_send(std::span<const float> vector, std::size_t destination, bool is_last) {
    const double start_s = now_s();
    backend::handle_message();
    return begin_send(vector, destination, start_s, is_last);
}

Request Communicator::start_receive(std::span<float> vector, std::size_t source) {
    return begin_receive(vector, source, now_s());
}

Request Communicator::begin_send(std::span<const float> vector, std::size_t destination, double start_s,
                                 bool is_last) {
    Request request;
    request.peer_ = destination;
    request.sequence_ = log_.send_started(destination, start_s, vector.size_bytes());
    check(MPI_Isend(vector.data(), mpi_int(vector.size()), MPI_FLOAT, mpi_int(destination),
                    is_last ? last_training_tag : training_tag, handle_, &request.handle_),
          "MPI_Isend");
    return request;
}

Request Communicator::begin_receive(std::span<float> vector, std::size_t source, double start_s) {
    Request request;
    request.peer_ = source;
    request.receiving_ = true;
    request.sequence_ = log_.receive_started(source, start_s);
    check(MPI_Irecv(vector.data(), mpi_int(vector.size()), MPI_FLOAT, mpi_int(source), training_tag, handle_,
                    &request.handle_),
          "MPI_Irecv");
    return request;
}

void Communicator::finish(Request& request, const MPI_Status& status, double began_s) {
    const double until_s = now_s();
    log_.blocked({began_s, until_s, request.peer_, request.sequence_, request.receiving_});
    complete(request, status, until_s);
}

void Communicator::complete(Request& request, const MPI_Status& status, double at_s) {
    request.handle_ = MPI_REQUEST_NULL;
    if (!request.receiving_) return;
    const std::size_t bytes = received_bytes(status);
    request.received_ = bytes / sizeof(float);
    log_.arrived(request.peer_, request.sequence_, at_s, bytes);
    backend::handle_message(bytes);
}

void Communicator::wait(Request& request) {
    if (!request.active()) return;
    const double began_s = now_s();
    MPI_Status status;
    check(MPI_Wait(&request.handle_, &status), "MPI_Wait");
    finish(request, status, began_s);
}

bool Communicator::has_finished(Request& request) {
    if (!request.active()) return true;
    int finished = 0;
    MPI_Status status;
    check(MPI_Test(&request.handle_, &finished, &status), "MPI_Test");
    if (finished != 0) complete(request, status, now_s());
    return finished != 0;
}

void Communicator::line_up(std::span<const Request> requests) {
    waiting_.clear();
    const std::size_t first = next_ % requests.size();
    for (const auto part : {requests.subspan(first), requests.first(first)})
        for (const Request& request : part) waiting_.push_back(request.handle_);
}

std::size_t Communicator::finish_in_line(std::span<Request> requests, int position, const MPI_Status& status,
                                         double began_s) {
    assert(position != MPI_UNDEFINED);
    const std::size_t index = (next_ + static_cast<std::size_t>(position)) % requests.size();
    finish(requests[index], status, began_s);
    next_ = index + 1;
    return index;
}

std::size_t Communicator::wait_any(std::span<Request> requests) {
    const double began_s = now_s();
    line_up(requests);
    int position = MPI_UNDEFINED;
    MPI_Status status;
    check(MPI_Waitany(mpi_int(waiting_.size()), waiting_.data(), &position, &status), "MPI_Waitany");
    return finish_in_line(requests, position, status, began_s);
}

std::optional<std::size_t> Communicator::find_done(std::span<Request> requests) {
    if (requests.empty()) return std::nullopt;
    const double began_s = now_s();
    line_up(requests);
    int position = MPI_UNDEFINED;
    int any_is_done = 0;
    MPI_Status status;
    check(MPI_Testany(mpi_int(waiting_.size()), waiting_.data(), &position, &any_is_done, &status),
          "MPI_Testany");
    if (any_is_done == 0 || position == MPI_UNDEFINED) return std::nullopt;
    return finish_in_line(requests, position, status, began_s);
}

void Communicator::library_allreduce(std::span<float> vector) {
    const double began_s = now_s();
    check(MPI_Allreduce(MPI_IN_PLACE, vector.data(), mpi_int(vector.size()), MPI_FLOAT, MPI_SUM, handle_),
          "MPI_Allreduce");
    log_.blocked_in_library(began_s, now_s());
}

}  // namespace lockstep::comm
