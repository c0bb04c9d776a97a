#include "comm/mpi_error.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <mpi.h>

#include "base/error.hpp"

namespace lockstep::comm {

void check(int code, const char* call) {
    if (code == MPI_SUCCESS) return;
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw base::EnvironmentError(
        fmt::format("{} failed: {}", call, std::string_view(text.data(), static_cast<std::size_t>(length))));
}

}  // namespace lockstep::comm
