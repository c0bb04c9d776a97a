#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "comm/communicator.hpp"
#include "exchange/participant.hpp"

namespace lockstep::support {

/// Keeps everything that an exchange reports on one rank, with the time of the report.
class RecordingJournal : public exchange::Journal {
  public:
    /// Parameters reported after `step`: for v the number of steps done, for w_i the number of the step just
    /// done.
    struct Snapshot {
        std::uint64_t step;
        double time_s;
        std::vector<float> values;  ///< empty in timing-only runs
    };

    explicit RecordingJournal(const comm::Communicator& communicator) : communicator_(communicator) {}

    void applied(const exchange::Update& update) override { updates.push_back(update); }
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override { keep(shared, steps, v); }
    void worker_share(std::uint64_t steps, std::span<const float> w) override { keep_share(steps, w); }
    void server_share(std::uint64_t steps, std::size_t /*first*/, std::span<const float> part) override {
        keep_share(steps, part);
    }
    void interrupted(std::uint64_t, std::span<const float>) override {}
    void own_parameters(std::uint64_t step, std::span<const float> w) override { keep(own, step, w); }

    std::vector<exchange::Update> updates;
    std::vector<Snapshot> shared;
    std::vector<Snapshot> own;
    std::vector<Snapshot> shares;  ///< the first after each number of steps

  private:
    void keep_share(std::uint64_t steps, std::span<const float> values) {
        if (steps > (shares.empty() ? 0 : shares.back().step)) keep(shares, steps, values);
    }
    void keep(std::vector<Snapshot>& list, std::uint64_t step, std::span<const float> values) {
        Snapshot& snapshot = list.emplace_back(Snapshot{step, communicator_.now_s(), {}});
        if (backend::arithmetic_is_real()) snapshot.values.assign(values.begin(), values.end());
    }

    const comm::Communicator& communicator_;
};

}  // namespace lockstep::support
