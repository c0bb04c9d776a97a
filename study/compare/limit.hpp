#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"
#include "study/compare/ideal_resources.hpp"

namespace lockstep::study {

/// What a run saves where a resource is ideal, from two runs; see Counterfactuals.
struct Gain {
    Resource resource;
    double before_s;
    double after_s;
    std::vector<Resource> aside;  ///< ideal in both: `before_s` is not of the run itself

    double saved_s() const { return before_s - after_s; }
};

/// What a run's time is spent for, by counterfactual simulation.
struct Limit {
    double time_s = 0;                 ///< of the run itself
    double noise_s = 0;                ///< what is saved below this may be chance
    std::optional<Resource> resource;  ///< unset: none alone
    std::vector<Gain> gains;           ///< of what can be made ideal, in the order of all_resources
};

/// A gain within this share of the run's time from the largest one ties with it; what saves less is no limit.
inline constexpr double tie = 0.02;
/// Noise of this share of the run's time is told of.
inline constexpr double much_noise = 0.03;
/// What saves less than this share of the run's time is not named at all.
inline constexpr double worth_telling = 0.01;

/// The resource with the largest gain limits the run; of several that tie, the first. None does where all of
/// them save next to nothing, or no more than noise.
Limit find_limit(double time_s, double noise_s, std::vector<Gain> gains);

/// One sentence: what limits the run of that scenario, called `label`, how long it would take otherwise, and
/// what comes next; another one where there is much noise.
std::string limit_sentence(std::string_view label, const Limit& limit, const scenario::Config& config);

/// The same for a run that came to a standstill: who stopped, and that the others wait.
std::string stall_sentence(std::string_view label, const result::Result& result);

}  // namespace lockstep::study
