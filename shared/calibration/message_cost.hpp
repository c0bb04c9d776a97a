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
    double exact_bytes = 0;  ///< where it is what was measured; 0: it lies between all

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

/// The same pieces, fitted anew to other times of the same sizes.
MessageCost refitted(const MessageCost& cost, std::span<const SizedTime> times);

/// With pieces of their own for `exact`, from half-way to the next smaller size of either list to half-way to
/// the next larger one, in octaves: there the cost is what `exact` says. Both ascend.
///
/// Where what a network lets through at once makes small messages fast, time has a negative intercept, which
/// no link has; a line without it is right between the sizes that it is fitted to and wrong at them. So it
/// must not be at those that a run sends.
MessageCost made_exact(const MessageCost& cost, std::span<const SizedTime> times,
                       std::span<const SizedTime> exact);

/// What a message of so many bytes takes that is larger than all measured ones: as much more a byte as the
/// largest three tell, or the last piece if that is more. Precondition: as fit_message_cost().
double time_beyond(const MessageCost& cost, std::span<const SizedTime> times, double bytes);

}  // namespace lockstep::calibration
