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

    /// One measurement.
    struct Point {
        double local_s = 0;        ///< when, by this rank's clock
        double offset_s = 0;       ///< by which rank 0's was ahead
        double uncertainty_s = 0;  ///< half the shortest round trip: the offset is off by no more
    };
    const Point& last() const { return last_; }

  private:
    Point first_;
    Point last_;
    bool measured_ = false;
};

}  // namespace lockstep::comm
