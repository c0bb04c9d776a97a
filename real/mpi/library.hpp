#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/function_ref.hpp"

namespace lockstep::real {

/// What is needed of the MPI library besides messages.

/// Runs `program` between MPI_Init and MPI_Finalize and returns what it does. Where it throws, which this
/// rank does alone, all ranks end: with the message on stderr, after `name`, and
/// base::ExitStatus::environment.
int with_mpi(int& count, char**& arguments, std::string_view name, base::FunctionRef<int()> program);

/// Ends all ranks at once, wherever they wait.
void end_all(base::ExitStatus status);

/// Seconds on this rank's clock, that of the transport.
double now_s();

/// For example `Open MPI v4.1.4`.
std::string library_version();

}  // namespace lockstep::real
