#include "comm/mpi/mpi_error.hpp"

#include <array>
#include <limits>
#include <string_view>

#include <fmt/format.h>
#include <mpi.h>

#include "base/error.hpp"
#include "comm/transport.hpp"

namespace lockstep::comm {

void check(int code, const char* call) {
    if (code == MPI_SUCCESS) return;
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw base::EnvironmentError(
        fmt::format("{} failed: {}", call, std::string_view(text.data(), static_cast<std::size_t>(length))));
}

int mpi_int(std::size_t value) {
    if (value > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw base::EnvironmentError(fmt::format("{} is more than an MPI call can count", value));
    return static_cast<int>(value);
}

int mpi_tag(int tag) {
    return tag == Transport::any_tag ? MPI_ANY_TAG : tag;
}

}  // namespace lockstep::comm
