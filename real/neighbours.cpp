#include "real/neighbours.hpp"

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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
};

}  // namespace

std::string this_machine() {
    const std::string id = base::boot_id();
    return id.empty() ? base::host_name() : id;
}

void meet_neighbours(comm::Transport& transport) {
    Place own{{}, {}, base::processor_share()};
    base::host_name().copy(own.host.data(), own.host.size() - 1);
    this_machine().copy(own.machine.data(), own.machine.size() - 1);
    std::vector<base::ProcessorShare> here;
    std::vector<std::string> hosts;
    for (std::size_t rank = 0; rank < transport.size(); ++rank) {
        Place place = own;
        transport.broadcast(std::as_writable_bytes(std::span(&place, 1)), rank);
        if (place.machine == own.machine) here.push_back(place.share);
        hosts.emplace_back(place.host.data());
    }
    known = {here.size(), base::cores_for(here), std::move(hosts)};
}

Neighbours neighbours() {
    return known.value_or(Neighbours{1, base::allowed_cores()});
}

}  // namespace lockstep::real
