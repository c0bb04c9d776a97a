#pragma once

#include "comm/communicator.hpp"

namespace lockstep::comm {

/// Maps this rank's MPI_Wtime to rank 0's. Real ranks have clocks with different origins that also drift
/// apart; the offset is measured before and after the timed part and interpolated linearly in between.
class ClockAlignment {
  public:
    /// The identity: for simulated time, which is one clock for all.
    ClockAlignment() = default;

    /// Collective over all ranks; rank 0 answers the others in turn. Takes 2 * `exchanges` control messages a
    /// rank. Offset by Cristian's method ("Probabilistic clock synchronization", 1989): of several questions
    /// the one answered fastest counts; its error is at most half that round trip.
    void measure(Communicator& communicator, int exchanges = 20);

    double to_rank_0_s(double local_s) const;

  private:
    struct Point {
        double local_s = 0;
        double offset_s = 0;
    };
    Point first_;
    Point last_;
    bool measured_ = false;
};

}  // namespace lockstep::comm
