#include "run/assembly.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace lockstep::run {
namespace {

bool is_share(const Snapshot& snapshot) {
    return snapshot.of == Snapshot::Of::share_of_mean || snapshot.of == Snapshot::Of::part;
}

/// What travels of a share besides its values.
struct Header {
    Snapshot::Of of;
    double steps;
    std::uint64_t updates;
    double elapsed_s;
    double energy_J;
    std::size_t first;
};

std::vector<std::byte> pack(const Snapshot& share) {
    const Header header{share.of, share.steps, share.updates, share.elapsed_s, share.energy_J, share.first};
    const auto values = std::as_bytes(share.values.span());
    std::vector<std::byte> bytes(sizeof header + values.size());
    std::memcpy(bytes.data(), &header, sizeof header);
    std::ranges::copy(values, bytes.begin() + sizeof header);
    return bytes;
}

Snapshot unpack(std::span<const std::byte> bytes) {
    Header header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto values = bytes.subspan(sizeof header);
    Snapshot share{header.of,        header.steps,    header.updates,
                   header.elapsed_s, header.energy_J, base::FloatBuffer(values.size() / sizeof(float)),
                   header.first};
    std::ranges::copy(values, std::as_writable_bytes(share.values.span()).begin());
    return share;
}

}  // namespace

void Assembly::add(const Snapshot& share) {
    if (!is_share(share)) return;
    Sum& sum = sums_[share.steps];
    sum.of = share.of;
    sum.updates = std::max(sum.updates, share.updates);
    sum.elapsed_s = std::max(sum.elapsed_s, share.elapsed_s);
    sum.energy_J = sum.shares == 0 ? share.energy_J : std::max(sum.energy_J, share.energy_J);
    ++sum.shares;
    const std::span<const float> values = share.values;
    sum.has_values = !values.empty();
    if (values.empty()) return;
    sum.values_covered += values.size();
    sum.values.resize(values_);
    for (std::size_t i = 0; i < values.size(); ++i)
        sum.values[share.first + i] += static_cast<double>(values[i]);
}

bool Assembly::is_complete(const Sum& sum) const {
    if (sum.of == Snapshot::Of::share_of_mean) return sum.shares == workers_;
    return !sum.has_values || sum.values_covered == values_;
}

std::vector<Snapshot> Assembly::snapshots() const {
    std::vector<Snapshot> all;
    for (const auto& [steps, sum] : sums_) {
        if (!is_complete(sum)) continue;
        Snapshot& v = all.emplace_back(
            Snapshot{Snapshot::Of::shared, steps, sum.updates, sum.elapsed_s, sum.energy_J, {}});
        if (!sum.has_values) continue;
        v.values = base::FloatBuffer(values_);
        const double divisor = sum.of == Snapshot::Of::share_of_mean ? static_cast<double>(workers_) : 1.0;
        std::ranges::transform(sum.values, v.values.data(),
                               [&](double value) { return static_cast<float>(value / divisor); });
    }
    return all;
}

std::vector<Snapshot> assemble(comm::Communicator& communicator, std::size_t workers, std::size_t values,
                               const std::vector<Snapshot>& snapshots) {
    if (communicator.rank() != 0) {
        for (const Snapshot& snapshot : snapshots)
            if (is_share(snapshot)) communicator.send_bytes(pack(snapshot), 0);
        communicator.send_bytes({}, 0);
        return {};
    }
    Assembly assembly(workers, values);
    for (const Snapshot& own : snapshots) assembly.add(own);
    for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
        for (;;) {
            const auto bytes = communicator.receive_bytes(rank);
            if (bytes.empty()) break;
            assembly.add(unpack(bytes));
        }
    }
    return assembly.snapshots();
}

}  // namespace lockstep::run
