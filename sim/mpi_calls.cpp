// MPI's profiling interface lets a program define the library's functions anew, on top of their PMPI_ twins.
// Here are those that a real library does in another way than the simulated one.
#include <algorithm>

#include <mpi.h>
#include <simgrid/Exception.hpp>
#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"
#include "sim/world.hpp"

namespace {

using lockstep::scenario::OverlapProgress;
using lockstep::sim::Rank;
using lockstep::sim::this_rank;

/// SMPI does not survive messages to ranks that went off with their hosts: who sends one, or takes part in a
/// collective with them, waits for ever.
void require_on(int rank) {
    if (std::ranges::count(this_rank().world.lost_ranks, static_cast<std::size_t>(rank)) > 0)
        throw simgrid::NetworkFailureException(XBT_THROW_POINT, "it is to a host that is off");
}
void require_all_on() {
    const auto& lost = this_rank().world.lost_ranks;
    if (!lost.empty()) require_on(static_cast<int>(lost.front()));
}

bool is_eager(const Rank& rank, int count, MPI_Datatype type) {
    int size = 0;
    PMPI_Type_size(type, &size);
    return static_cast<double>(count) * size < rank.world.config.eager_limit_B;
}

bool defers_sends() {
    return this_rank().world.config.overlap_progress == OverlapProgress::none;
}

bool defers_receives() {
    return this_rank().world.config.overlap_progress != OverlapProgress::ideal;
}

/// The rank is in a call now, and the library looks after all that is under way.
void enter() {
    this_rank().deferred.start();
}

/// Where the library would look after the request only later.
int defer(MPI_Request* request, int status) {
    if (status == MPI_SUCCESS) this_rank().deferred.add(*request);
    return status;
}

}  // namespace

extern "C" {

/// The library's own reads the processor's clock twice, to learn what to charge for a time in which nothing
/// is charged: a third of the wall time of large timing-only runs. A run that stands still for ever ended
/// when it began to.
double MPI_Wtime() {
    return this_rank().world.standstill_s.value_or(simgrid::s4u::Engine::get_clock());
}

int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request* request) {
    require_on(to);
    if (!defers_sends() || is_eager(this_rank(), count, type)) {
        if (defers_sends()) enter();  // messages do not overtake each other
        return PMPI_Isend(data, count, type, to, tag, comm, request);
    }
    return defer(request, PMPI_Send_init(data, count, type, to, tag, comm, request));
}

int MPI_Irecv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request* request) {
    if (!defers_receives()) return PMPI_Irecv(data, count, type, from, tag, comm, request);
    return defer(request, PMPI_Recv_init(data, count, type, from, tag, comm, request));
}

int MPI_Wait(MPI_Request* request, MPI_Status* status) {
    enter();
    const int result = PMPI_Wait(request, status);
    this_rank().deferred.release(*request);
    return result;
}

int MPI_Waitany(int count, MPI_Request* requests, int* index, MPI_Status* status) {
    enter();
    const int result = PMPI_Waitany(count, requests, index, status);
    if (*index != MPI_UNDEFINED) this_rank().deferred.release(requests[*index]);
    return result;
}

int MPI_Waitall(int count, MPI_Request* requests, MPI_Status* statuses) {
    enter();
    const int result = PMPI_Waitall(count, requests, statuses);
    for (int i = 0; i < count; ++i) this_rank().deferred.release(requests[i]);
    return result;
}

int MPI_Test(MPI_Request* request, int* done, MPI_Status* status) {
    enter();
    const int result = PMPI_Test(request, done, status);
    if (*done != 0) this_rank().deferred.release(*request);
    return result;
}

int MPI_Testany(int count, MPI_Request* requests, int* index, int* done, MPI_Status* status) {
    enter();
    const int result = PMPI_Testany(count, requests, index, done, status);
    if (*done != 0 && *index != MPI_UNDEFINED) this_rank().deferred.release(requests[*index]);
    return result;
}

int MPI_Send(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
    enter();
    require_on(to);
    return PMPI_Send(data, count, type, to, tag, comm);
}

int MPI_Recv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status* status) {
    enter();
    return PMPI_Recv(data, count, type, from, tag, comm, status);
}

int MPI_Sendrecv(const void* outgoing, int sent, MPI_Datatype sent_type, int to, int sent_tag, void* incoming,
                 int received, MPI_Datatype received_type, int from, int received_tag, MPI_Comm comm,
                 MPI_Status* status) {
    enter();
    require_on(to);
    return PMPI_Sendrecv(outgoing, sent, sent_type, to, sent_tag, incoming, received, received_type, from,
                         received_tag, comm, status);
}

int MPI_Allreduce(const void* outgoing, void* incoming, int count, MPI_Datatype type, MPI_Op operation,
                  MPI_Comm comm) {
    enter();
    require_all_on();
    return PMPI_Allreduce(outgoing, incoming, count, type, operation, comm);
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
    enter();
    require_all_on();
    return PMPI_Bcast(data, count, type, root, comm);
}

}  // extern "C"
