#include "real/patient_wait.hpp"

#include <algorithm>
#include <ctime>

#include <mpi.h>
#include <sched.h>

namespace lockstep::real {
namespace {

// Set once before training; MPI's functions have no other way to know.
bool is_patient = false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

constexpr double spinning_s = 100e-6;  ///< a message that is on its way is here by then
constexpr double shortest_nap_s = 20e-6;
constexpr double longest_nap_s = 200e-6;

void nap(double waited_s) {
    const double length_s = std::clamp(waited_s / 8, shortest_nap_s, longest_nap_s);
    const timespec length{0, static_cast<long>(1e9 * length_s)};
    ::nanosleep(&length, nullptr);
}

/// `look(&done)` is one of PMPI_Test's family. Returns its status.
template <typename Look>
int wait_until_done(Look look) {
    const double began_s = PMPI_Wtime();
    while (true) {
        int done = 0;
        const int status = look(&done);
        if (status != MPI_SUCCESS || done != 0) return status;
        const double waited_s = PMPI_Wtime() - began_s;
        if (waited_s < spinning_s)
            ::sched_yield();
        else
            nap(waited_s);
    }
}

int wait_for(MPI_Request* request, MPI_Status* status) {
    return wait_until_done([=](int* done) { return PMPI_Test(request, done, status); });
}

}  // namespace

void wait_patiently() {
    is_patient = true;
}

}  // namespace lockstep::real

using lockstep::real::is_patient;
using lockstep::real::wait_for;
using lockstep::real::wait_until_done;

extern "C" {

int MPI_Send(const void* buffer, int count, MPI_Datatype type, int destination, int tag, MPI_Comm comm) {
    if (!is_patient) return PMPI_Send(buffer, count, type, destination, tag, comm);
    MPI_Request request = MPI_REQUEST_NULL;
    const int status = PMPI_Isend(buffer, count, type, destination, tag, comm, &request);
    return status != MPI_SUCCESS ? status : wait_for(&request, MPI_STATUS_IGNORE);
}

int MPI_Recv(void* buffer, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm,
             MPI_Status* status) {
    if (!is_patient) return PMPI_Recv(buffer, count, type, source, tag, comm, status);
    MPI_Request request = MPI_REQUEST_NULL;
    const int begun = PMPI_Irecv(buffer, count, type, source, tag, comm, &request);
    return begun != MPI_SUCCESS ? begun : wait_for(&request, status);
}

int MPI_Wait(MPI_Request* request, MPI_Status* status) {
    return is_patient ? wait_for(request, status) : PMPI_Wait(request, status);
}

int MPI_Waitany(int count, MPI_Request requests[], int* index, MPI_Status* status) {
    if (!is_patient) return PMPI_Waitany(count, requests, index, status);
    return wait_until_done([=](int* done) { return PMPI_Testany(count, requests, index, done, status); });
}

int MPI_Waitall(int count, MPI_Request requests[], MPI_Status statuses[]) {
    if (!is_patient) return PMPI_Waitall(count, requests, statuses);
    return wait_until_done([=](int* done) { return PMPI_Testall(count, requests, done, statuses); });
}
}
