#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"
#include "study/compare/ideal_resources.hpp"

namespace lockstep::study {

/// What a run saves where a resource is ideal, from two timing-only runs; see probes().
struct Gain {
    Resource resource;
    double before_s;
    double after_s;

    double saved_s() const { return before_s - after_s; }
};

/// What a run's time is spent for, by counterfactual simulation.
struct Limit {
    double time_s = 0;                 ///< of the run itself
    std::optional<Resource> resource;  ///< unset: none alone
    std::vector<Gain> gains;           ///< of what can be made ideal, in the order of all_resources
};

/// A gain within this share of the run's time from the largest one ties with it.
inline constexpr double tie = 0.02;

/// The resource with the largest gain limits the run; of several that tie, the first. None does where all of
/// them save next to nothing. Where nothing can be said about compute, it is the limit unless another
/// resource saves at least half of the time.
Limit find_limit(double time_s, std::vector<Gain> gains);

/// One sentence: what limits the run called `label`, how long it would take otherwise, and what comes next.
std::string limit_sentence(std::string_view label, const Limit& limit);

/// The same for a run that came to a standstill: who stopped, and that the others wait.
std::string stall_sentence(std::string_view label, const result::Result& result);

}  // namespace lockstep::study
