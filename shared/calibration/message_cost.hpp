#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lockstep::calibration {

/// The time of one message of so many bytes, in seconds.
struct SizedTime {
    double bytes;
    double time_s;
};

/// Messages from that size on, up to the next segment's: time = fixed + per_byte * bytes.
struct Segment {
    double from_bytes = 0;
    double fixed_s = 0;
    double per_byte_s = 0;

    double time_s(double bytes) const { return fixed_s + per_byte_s * bytes; }
};

/// The cost of messages as a function of their size, in pieces: libraries change their protocol with it.
struct MessageCost {
    std::vector<Segment> segments;  ///< ascending; the first from 0 on

    const Segment& at(double bytes) const;
    double time_s(double bytes) const { return at(bytes).time_s(bytes); }
};

/// Of |time / measured - 1| over the sizes.
struct Residuals {
    double median = 0;
    double largest = 0;
};
Residuals residuals(const MessageCost& cost, std::span<const SizedTime> times);

/// Pieces that fit `times`, which ascend in size, best by their relative errors: least squares for every
/// possible piece of at least three sizes, and for every number of pieces the best places to cut (dynamic
/// programming; Bellman 1961), of which the Bayesian information criterion takes one. No piece has negative
/// costs. Precondition: at least three sizes.
///
/// Cost: S^3 for S sizes.
MessageCost fit_message_cost(std::span<const SizedTime> times);

}  // namespace lockstep::calibration
