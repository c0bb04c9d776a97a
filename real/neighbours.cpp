#include "real/neighbours.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/process/cores.hpp"
#include "base/process/machine.hpp"

namespace lockstep::real {
namespace {

// A process is a rank here, and stays on its machine.
std::optional<Neighbours> known;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// What ranks tell each other.
struct Place {
    std::array<char, 256> machine{};
    std::array<char, 256> host{};
    base::ProcessorShare share;
    std::array<char, 64> numbering{};  ///< of processes; empty where it is not known
    pid_t process = 0;
};

/// Containers number the processes of one machine each for itself.
std::string numbering_of_processes() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

bool is_seen_from(const Place& own, const Place& place) {
    return place.machine == own.machine && place.numbering == own.numbering && own.numbering[0] != '\0';
}

}  // namespace

std::string this_machine() {
    const std::string id = base::boot_id();
    return id.empty() ? base::host_name() : id;
}

void meet_neighbours(comm::Transport& transport) {
    Place own{{}, {}, base::processor_share(), {}, ::getpid()};
    base::host_name().copy(own.host.data(), own.host.size() - 1);
    this_machine().copy(own.machine.data(), own.machine.size() - 1);
    numbering_of_processes().copy(own.numbering.data(), own.numbering.size() - 1);
    std::vector<base::ProcessorShare> here;
    std::vector<std::string> hosts;
    std::vector<pid_t> processes;
    for (std::size_t rank = 0; rank < transport.size(); ++rank) {
        Place place = own;
        transport.broadcast(std::as_writable_bytes(std::span(&place, 1)), rank);
        if (place.machine == own.machine) here.push_back(place.share);
        hosts.emplace_back(place.host.data());
        processes.push_back(is_seen_from(own, place) ? place.process : 0);
    }
    known = {here.size(), base::cores_for(here), std::move(hosts), std::move(processes)};
}

Neighbours neighbours() {
    return known.value_or(Neighbours{1, base::allowed_cores()});
}

}  // namespace lockstep::real
