#include "calibration/message_cost.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/quantile.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t least_sizes = 3;
constexpr std::size_t most_segments = 6;
constexpr double parameters_of_segment = 3;  // two of its line, one of where it begins
constexpr double noise_floor = 1e-3;         // relative; better fits are luck

struct Fit {
    Segment segment;
    double squares = 0;  ///< of relative errors
};

double squares_of(const Segment& segment, std::span<const SizedTime> times) {
    double sum = 0;
    for (const SizedTime& point : times) {
        const double error = segment.time_s(point.bytes) / point.time_s - 1;
        sum += error * error;
    }
    return sum;
}

/// Least squares of a / t + b n / t = 1, whatever the signs, and without either.
struct Lines {
    Segment both;
    double per_byte_alone_s = 0;
    double fixed_alone_s = 0;
};
Lines lines_through(std::span<const SizedTime> times) {
    double aa = 0;
    double ab = 0;
    double bb = 0;
    double a1 = 0;
    double b1 = 0;
    for (const SizedTime& point : times) {
        const double a = 1 / point.time_s;
        const double b = point.bytes / point.time_s;
        aa += a * a;
        ab += a * b;
        bb += b * b;
        a1 += a;
        b1 += b;
    }
    const double determinant = aa * bb - ab * ab;
    return {{times.front().bytes, (a1 * bb - b1 * ab) / determinant, (aa * b1 - ab * a1) / determinant},
            b1 / bb,
            a1 / aa};
}

/// Where a coefficient would be negative it is 0.
Fit fit_segment(std::span<const SizedTime> times) {
    const Lines lines = lines_through(times);
    Segment line = lines.both;
    if (!(line.fixed_s >= 0)) line = {line.from_bytes, 0, lines.per_byte_alone_s};
    if (!(line.per_byte_s >= 0)) line = {line.from_bytes, lines.fixed_alone_s, 0};
    return {line, squares_of(line, times)};
}

/// The best ways to cut the first sizes into so many pieces.
class Cuts {
  public:
    explicit Cuts(std::span<const SizedTime> times) : times_(times), sizes_(times.size()) {
        const std::size_t most = std::min(most_segments, sizes_ / least_sizes);
        best_.assign(most + 1, std::vector<Best>(sizes_ + 1));
        best_[0][0].squares = 0;
        for (std::size_t end = least_sizes; end <= sizes_; ++end)
            for (std::size_t begin = 0; begin + least_sizes <= end; ++begin) extend(begin, end);
    }

    std::size_t most_pieces() const { return best_.size() - 1; }
    double squares(std::size_t pieces) const { return best_[pieces][sizes_].squares; }

    std::vector<Segment> segments(std::size_t pieces) const {
        std::vector<Segment> result;
        for (std::size_t end = sizes_; pieces > 0; --pieces) {
            const std::size_t begin = best_[pieces][end].begin;
            result.push_back(fit_segment(times_.subspan(begin, end - begin)).segment);
            end = begin;
        }
        std::ranges::reverse(result);
        result.front().from_bytes = 0;
        return result;
    }

  private:
    struct Best {
        double squares = std::numeric_limits<double>::infinity();
        std::size_t begin = 0;  ///< of the last piece
    };

    void extend(std::size_t begin, std::size_t end) {
        const double squares = fit_segment(times_.subspan(begin, end - begin)).squares;
        for (std::size_t pieces = 1; pieces < best_.size(); ++pieces) {
            const double sum = best_[pieces - 1][begin].squares + squares;
            if (sum < best_[pieces][end].squares) best_[pieces][end] = {sum, begin};
        }
    }

    std::span<const SizedTime> times_;
    std::size_t sizes_;
    std::vector<std::vector<Best>> best_;  ///< by pieces, then by sizes in them
};

double criterion(double squares, std::size_t pieces, std::size_t sizes) {
    const auto count = static_cast<double>(sizes);
    return count * std::log(squares / count + noise_floor * noise_floor) +
           parameters_of_segment * static_cast<double>(pieces) * std::log(count);
}

}  // namespace

const Segment& MessageCost::at(double bytes) const {
    const Segment* of_size = &segments.front();
    for (const Segment& segment : segments)
        if (bytes >= segment.from_bytes) of_size = &segment;
    return *of_size;
}

Residuals residuals(const MessageCost& cost, std::span<const SizedTime> times) {
    std::vector<double> errors;
    for (const SizedTime& point : times)
        errors.push_back(std::abs(cost.time_s(point.bytes) / point.time_s - 1));
    std::ranges::sort(errors);
    return {base::quantile(errors, 0.5), errors.back()};
}

MessageCost refitted(const MessageCost& cost, std::span<const SizedTime> times) {
    MessageCost result = cost;
    for (std::size_t i = 0; i < cost.segments.size(); ++i) {
        const auto ends_before = [](double bytes) {
            return [=](const SizedTime& point) { return point.bytes < bytes; };
        };
        const double from = cost.segments[i].from_bytes;
        const bool is_last = i + 1 == cost.segments.size();
        const auto begin = std::ranges::partition_point(times, ends_before(from));
        const auto end =
            is_last ? times.end()
                    : std::ranges::partition_point(times, ends_before(cost.segments[i + 1].from_bytes));
        result.segments[i] = fit_segment({begin, end}).segment;
        result.segments[i].from_bytes = from;
    }
    return result;
}

double time_beyond(const MessageCost& cost, std::span<const SizedTime> times, double bytes) {
    const SizedTime& largest = times.back();
    const double per_byte_s =
        std::max(lines_through(times.last(least_sizes)).both.per_byte_s, cost.at(largest.bytes).per_byte_s);
    return largest.time_s + (bytes - largest.bytes) * per_byte_s;
}

MessageCost fit_message_cost(std::span<const SizedTime> times) {
    const Cuts cuts(times);
    std::size_t best = 1;
    for (std::size_t pieces = 2; pieces <= cuts.most_pieces(); ++pieces)
        if (criterion(cuts.squares(pieces), pieces, times.size()) <
            criterion(cuts.squares(best), best, times.size()))
            best = pieces;
    return {cuts.segments(best)};
}

}  // namespace lockstep::calibration
