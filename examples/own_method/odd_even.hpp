// A way to agree that lockstep does not have. The workers stand in a line; after even steps 0 and 1, 2 and 3,
// ... average their parameters, after odd ones 1 and 2, 3 and 4, ... Nobody holds the shared parameters: they
// are the mean of all.
#pragma once

#include <lockstep/lockstep.hpp>

class OddEven final : public lockstep::MethodOf<OddEven> {
  public:
    static constexpr lockstep::MethodTraits about{.name = "odd-even",
                                                  .summary = "neighbours in a line average by turns",
                                                  .holder = lockstep::Holder::nobody};

    // Each pair that meets swaps two vectors of 4-byte values.
    std::optional<lockstep::Traffic> traffic(const lockstep::Work& work) const override {
        const std::uint64_t even = (work.steps + 1) / 2 * (work.workers / 2);
        const std::uint64_t odd = work.steps / 2 * ((work.workers - 1) / 2);
        return lockstep::Traffic{2 * (even + odd), 2 * (even + odd) * 4 * work.values};
    }

    // Every rank calls this. No deadlock: who meets whom follows from the step alone, and both send and
    // receive at once.
    void train(lockstep::Participant& participant) const override {
        const std::size_t me = participant.rank();
        const std::size_t values = participant.start.size();
        lockstep::FloatBuffer theirs = lockstep::make_buffer(values);
        lockstep::step_and_combine(participant, [&](std::uint64_t steps, std::span<float> mine) {
            const bool is_left = (me + steps) % 2 == 1;
            if (is_left ? me + 1 == participant.workers() : me == 0) return false;
            const std::size_t partner = is_left ? me + 1 : me - 1;
            participant.communicator.send_receive(mine, partner, theirs, partner);
            lockstep::compute(2.0 * static_cast<double>(values), [&] {
                for (std::size_t i = 0; i < values; ++i) mine[i] = (mine[i] + theirs[i]) / 2;
            });
            return false;  // not all workers have the same now
        });
    }
};
