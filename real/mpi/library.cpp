#include "real/mpi/library.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <mpi.h>

#include "base/process/program.hpp"
#include "real/launcher_watch.hpp"

namespace lockstep::real {
namespace {

/// Between ranks of one host Open MPI has a message above 4 kB fetched by its receiver through the kernel.
/// Copied into shared memory and out again, even 203 kB, the parameters of 784-64-10, take half the time, and
/// need nothing of a sender that computes (docs/adr/0014). What the user has set is left alone.
void send_models_early() {
    constexpr std::array limits{"OMPI_MCA_btl_vader_eager_limit",
                                "OMPI_MCA_btl_sm_eager_limit"};  // of 4, of 5
    if (std::ranges::any_of(limits, [](const char* limit) { return std::getenv(limit) != nullptr; })) return;
    for (const char* const limit : limits) ::setenv(limit, "262144", 1);  // bytes
}

}  // namespace

int with_mpi(int& count, char**& arguments, std::string_view name, base::FunctionRef<int()> program) {
    end_with_launcher();
    send_models_early();
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
    std::string version(text.data(), static_cast<std::size_t>(length));
    version.resize(std::min(version.find_first_of(",\n"), version.size()));  // more follows with most
    constexpr std::string_view mpich = "MPICH Version:";
    if (!version.starts_with(mpich)) return version;
    return "MPICH " + version.substr(version.find_first_not_of(" \t", mpich.size()));
}

}  // namespace lockstep::real
