#include <algorithm>
#include <cmath>
#include <limits>

#include "calibration/message_cost.hpp"

namespace lockstep::calibration {
namespace {

/// Where a size has a piece of its own.
struct Place {
    double from_bytes = 0;
    double until_bytes = 0;
    Segment segment;
};

/// Half-way in octaves, a whole number of bytes.
double between(double smaller, double larger) {
    return std::ceil(std::sqrt(smaller * larger));
}

std::vector<double> sizes_of_both(std::span<const SizedTime> times, std::span<const SizedTime> exact) {
    std::vector<double> sizes;
    for (const auto& list : {times, exact})
        for (const SizedTime& point : list) sizes.push_back(point.bytes);
    std::ranges::sort(sizes);
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

/// What does not depend on the size stays as it is; where there was none, it is that of small messages. What
/// does is the rest.
Segment through(const SizedTime& point, const MessageCost& cost) {
    const double there_s = cost.at(point.bytes).fixed_s;
    const double fixed_s = std::min(there_s > 0 ? there_s : cost.segments.front().fixed_s, point.time_s / 2);
    return {0, fixed_s, (point.time_s - fixed_s) / point.bytes, point.bytes};
}

Place place_of(const SizedTime& point, const std::vector<double>& sizes, const MessageCost& cost) {
    const auto here = std::ranges::find(sizes, point.bytes);
    const bool is_last = here + 1 == sizes.end();
    return {here == sizes.begin() ? 0 : between(*(here - 1), point.bytes),
            is_last ? std::numeric_limits<double>::infinity() : between(point.bytes, *(here + 1)),
            through(point, cost)};
}

void add_piece(std::vector<Segment>& segments, Segment segment, double from_bytes) {
    segment.from_bytes = from_bytes;
    segments.push_back(segment);
}

}  // namespace

MessageCost made_exact(const MessageCost& cost, std::span<const SizedTime> times,
                       std::span<const SizedTime> exact) {
    if (exact.empty()) return cost;
    const std::vector<double> sizes = sizes_of_both(times, exact);
    MessageCost result;
    double done = 0;  // up to that size
    const auto keep_until = [&](double bytes) {
        if (bytes <= done) return;
        add_piece(result.segments, cost.at(done), done);
        for (const Segment& segment : cost.segments)
            if (segment.from_bytes > done && segment.from_bytes < bytes)
                add_piece(result.segments, segment, segment.from_bytes);
    };
    for (const SizedTime& point : exact) {
        const Place place = place_of(point, sizes, cost);
        keep_until(place.from_bytes);
        add_piece(result.segments, place.segment, place.from_bytes);
        done = place.until_bytes;
    }
    if (std::isfinite(done)) keep_until(std::numeric_limits<double>::infinity());
    return result;
}

}  // namespace lockstep::calibration
