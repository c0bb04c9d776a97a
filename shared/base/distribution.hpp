#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace lockstep::base {

/// How a positive factor scatters around 1, as users write it:
///
///     none                         always 1
///     uniform:SPREAD               uniform on [1 - SPREAD, 1 + SPREAD], 0 <= SPREAD < 1; without spread:
///     none lognormal:CV                 mean 1, standard deviation CV shifted-exponential:SHARE    1 - SHARE
///     + SHARE E with E exponential of mean 1, 0 < SHARE <= 1;
///                                  SHARE 1 is memoryless
///     pareto:SHAPE                 P(X > x) = (m / x)^SHAPE for x >= m = (SHAPE - 1) / SHAPE, SHAPE > 1
///     two-point:PROB,FACTOR        FACTOR with probability PROB, else 1; FACTOR > 0
///     empirical:A,B,...            each with the same probability, ascending; at least two, at most 1000
///
/// All have mean 1 but two-point, whose mean is 1 + PROB (FACTOR - 1), and empirical, whose mean is that of
/// its values.
class Distribution {
  public:
    enum class Shape { none, uniform, lognormal, shifted_exponential, pareto, two_point, empirical };

    /// `none`.
    Distribution() = default;

    /// Throws InputError naming `option` for a text that is none of the above.
    static Distribution parse(std::string_view option, std::string_view text);
    /// For messages and help texts.
    static std::string_view allowed();

    /// Parses back to an equal distribution.
    std::string text() const;
    bool operator==(const Distribution&) const = default;

    bool is_constant() const { return shape_ == Shape::none; }
    double mean() const;

    /// The value below which a share `u`, from 0 to less than 1, of all draws lies.
    double quantile(double u) const;
    /// One draw, by inversion: one uniform number whatever the shape.
    double draw(RandomStream& stream) const { return quantile(stream.uniform()); }

  private:
    Distribution(Shape shape, double first, double second) : shape_(shape), first_(first), second_(second) {}
    static std::vector<double> empirical_values(std::string_view text);

    Shape shape_ = Shape::none;
    double first_ = 0;            ///< SPREAD, CV, SHARE, SHAPE or PROB
    double second_ = 0;           ///< FACTOR
    std::vector<double> values_;  ///< A, B, ...
};

}  // namespace lockstep::base
