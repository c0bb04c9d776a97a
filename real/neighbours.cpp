#include "real/neighbours.hpp"

#include <array>
#include <fstream>
#include <optional>
#include <vector>

#include <mpi.h>
#include <unistd.h>

#include "base/process/cores.hpp"

namespace lockstep::real {
namespace {

// A process is a rank here, and stays on its machine.
std::optional<Neighbours> known;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// Of the kernel that runs here, which containers and network namespaces share; nothing where there is none.
std::string boot_id() {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

/// What ranks tell each other.
struct Place {
    std::array<char, 256> machine{};
    base::ProcessorShare share;
};

}  // namespace

std::string this_machine() {
    std::string id = boot_id();
    if (!id.empty()) return id;
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return host.data();
}

void meet_neighbours() {
    Place own{{}, base::processor_share()};
    this_machine().copy(own.machine.data(), own.machine.size() - 1);
    int ranks = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    std::vector<Place> all(static_cast<std::size_t>(ranks));
    MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, MPI_COMM_WORLD);
    std::vector<base::ProcessorShare> here;
    for (const Place& place : all)
        if (place.machine == own.machine) here.push_back(place.share);
    known = {here.size(), base::cores_for(here)};
}

Neighbours neighbours() {
    return known.value_or(Neighbours{1, base::allowed_cores()});
}

}  // namespace lockstep::real
