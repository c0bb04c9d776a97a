#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "run/snapshot.hpp"

namespace lockstep::run {

/// Makes snapshots of v from those of its shares: the mean of all workers', or all servers' parts side by
/// side. Moments at which a share is missing, because its rank was stopped before, leave none.
class Assembly {
  public:
    Assembly(std::size_t workers, std::size_t values) : workers_(workers), values_(values) {}

    /// Shares are added in the order of ranks, so that means have the same bits every time. Other snapshots
    /// are ignored.
    void add(const Snapshot& share);

    std::vector<Snapshot> snapshots() const;

  private:
    struct Sum {
        Snapshot::Of of{};
        std::uint64_t updates = 0;
        double elapsed_s = 0;
        double energy_J = 0;
        std::size_t shares = 0;
        std::size_t values_covered = 0;
        bool has_values = false;
        std::vector<double> values;
    };
    bool is_complete(const Sum& sum) const;

    std::size_t workers_;
    std::size_t values_;
    std::map<double, Sum> sums_;  ///< by steps
};

/// Collective, after the timed part: v's snapshots from the shares in all ranks' `snapshots`, on rank 0;
/// nothing elsewhere. Cost: a control message for each share.
std::vector<Snapshot> assemble(comm::Communicator& communicator, std::size_t workers, std::size_t values,
                               const std::vector<Snapshot>& snapshots);

}  // namespace lockstep::run
