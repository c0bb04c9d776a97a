#include "real/mpi/library.hpp"

#include <array>

#include <fmt/format.h>
#include <mpi.h>

#include "base/process/program.hpp"

namespace lockstep::real {

int with_mpi(int& count, char**& arguments, std::string_view name, base::FunctionRef<int()> program) {
    MPI_Init(&count, &arguments);
    int status = 0;
    try {
        status = program();
    } catch (const std::exception& error) {
        base::print_message(fmt::format("{}: {}", name, error.what()));
        end_all(base::ExitStatus::environment);
    }
    MPI_Finalize();
    return status;
}

void end_all(base::ExitStatus status) {
    MPI_Abort(MPI_COMM_WORLD, static_cast<int>(status));
}

double now_s() {
    return MPI_Wtime();
}

std::string library_version() {
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    MPI_Get_library_version(text.data(), &length);
    const std::string version(text.data(), static_cast<std::size_t>(length));
    return version.substr(0, version.find(','));
}

}  // namespace lockstep::real
