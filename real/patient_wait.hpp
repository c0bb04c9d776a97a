#pragma once

namespace lockstep::real {

/// From now on this rank sleeps in short naps while it waits for a message, instead of looking for it without
/// a pause: for ranks that share cores with others, which need them. Naps grow with the time waited, to a
/// fifth of a millisecond, and by so much may a message be noticed late. The library's own collectives still
/// do not sleep.
///
/// Done by defining MPI_Send, MPI_Recv, MPI_Wait, MPI_Waitany and MPI_Waitall anew, through MPI's profiling
/// interface.
void wait_patiently();

}  // namespace lockstep::real
